import { createPrng, type Prng, type Setup, type Simulation } from "../../../src/sim/index.ts";
import type { Task } from "../../../src/task/index.ts";

/** What the tasks of a random program share. */
type Things = ReturnType<typeof thingsOf>;

function thingsOf(sim: Simulation) {
  return {
    sim,
    mutexes: [sim.mutex("m0"), sim.mutex("m1")],
    latches: [
      sim.readWriteLatch("fifo", "fifo"),
      sim.readWriteLatch("preferring", "writer-preferring"),
      sim.readWriteLatch("barging", "barging"),
    ],
    condition: sim.condition("ready"),
    semaphore: sim.semaphore("permits", 1),
    shared: [sim.shared("x", 0), sim.shared("y", 0)],
    atomic: sim.atomic("count", 0),
  };
}

/** One piece of what a task does; what it needs was drawn when the program was made. */
type Piece = (things: Things) => Task<void>;
type Kind = (prng: Prng, depth: number) => Piece;

const KINDS: Readonly<Record<string, Kind>> = {
  readThenWrite(prng) {
    const [from, to] = [prng.below(2), prng.below(2)];
    return function* ({ shared }) {
      const value = yield* at(shared, from).read();
      yield at(shared, to).write(value + 1);
    };
  },
  writeOnceIfRead(prng) {
    const [from, to] = [prng.below(2), prng.below(2)];
    return function* ({ shared, atomic }) {
      if ((yield* at(shared, from).read()) === 0) yield at(shared, to).write(5);
      else yield atomic.add(1);
    };
  },
  underMutex(prng) {
    const [which, cell] = [prng.below(2), prng.below(2)];
    return function* ({ mutexes, shared }) {
      yield at(mutexes, which).lock();
      yield at(shared, cell).write(1);
      at(mutexes, which).unlock();
    };
  },
  bothMutexes(prng) {
    const first = prng.below(2);
    return function* ({ mutexes }) {
      yield at(mutexes, first).lock();
      yield at(mutexes, 1 - first).lock();
      at(mutexes, 1 - first).unlock();
      at(mutexes, first).unlock();
    };
  },
  tryMutex(prng) {
    const which = prng.below(2);
    return function* ({ mutexes, shared }) {
      if (yield* at(mutexes, which).tryLock()) {
        yield at(shared, 0).write(7);
        at(mutexes, which).unlock();
      } else yield* at(shared, 1).read();
    };
  },
  latch(prng) {
    const [which, mode, cell] = [prng.below(3), prng.below(3), prng.below(2)];
    return function* ({ latches, shared }) {
      const latch = at(latches, which);
      const guard = yield* at([latch.shared("s"), latch.update("u"), latch.exclusive("x")], mode);
      if (mode === 2) yield at(shared, cell).write(2);
      else yield* at(shared, cell).read();
      guard.release();
    };
  },
  couple(prng) {
    const [which, mode] = [prng.below(2), prng.below(2)];
    return function* ({ latches, shared }) {
      const outer = at(latches, which);
      const inner = at(latches, which + 1);
      const first = yield* mode === 0 ? outer.shared("s") : outer.exclusive("x");
      const second = yield* mode === 0 ? inner.shared("s") : inner.exclusive("x");
      first.release();
      yield* at(shared, 0).read();
      second.release();
    };
  },
  upgrade(prng) {
    const [which, isShared] = [prng.below(3), prng.below(4) === 0];
    return function* ({ latches, shared }) {
      const latch = at(latches, which);
      const guard = yield* isShared ? latch.shared("s") : latch.update("u");
      yield latch.upgrade(guard);
      yield at(shared, 0).write(3);
      guard.release();
    };
  },
  tryLatch(prng) {
    const [which, mode] = [prng.below(3), prng.below(3)];
    return function* ({ latches, atomic }) {
      const latch = at(latches, which);
      const guard = yield* at([latch.tryShared(), latch.tryUpdate(), latch.tryExclusive()], mode);
      yield atomic.add(1);
      if (guard.isHeld) guard.release();
    };
  },
  wait() {
    return function* ({ mutexes, condition, shared }) {
      const mutex = at(mutexes, 0);
      yield mutex.lock();
      if ((yield* at(shared, 0).read()) === 0) yield* condition.wait(mutex);
      mutex.unlock();
    };
  },
  signal(prng) {
    const [isBroadcast, isLocked] = [prng.below(2) === 0, prng.below(2) === 0];
    return function* ({ mutexes, condition, shared }) {
      const mutex = at(mutexes, 0);
      if (isLocked) yield mutex.lock();
      yield at(shared, 0).write(1);
      yield isBroadcast ? condition.broadcast() : condition.signal();
      if (isLocked) mutex.unlock();
    };
  },
  acquire(prng) {
    const gives = prng.below(4) > 0;
    return function* ({ semaphore, atomic }) {
      yield semaphore.acquire();
      yield atomic.add(1);
      if (gives) yield semaphore.release();
    };
  },
  tryAcquire() {
    return function* ({ semaphore, shared }) {
      if (yield* semaphore.tryAcquire()) yield semaphore.release();
      else yield at(shared, 1).write(9);
    };
  },
  give() {
    return function* ({ semaphore }) {
      yield semaphore.release();
    };
  },
  compareAndSet(prng) {
    const from = prng.below(2);
    return function* ({ atomic, shared }) {
      if (yield* atomic.compareAndSet(from, from + 1)) yield at(shared, 1).write(4);
    };
  },
  sleep(prng) {
    const forMs = prng.below(3);
    return function* ({ sim, shared }) {
      yield sim.sleep(forMs);
      yield at(shared, 0).write(forMs);
    };
  },
  sleepHolding(prng) {
    const which = prng.below(2);
    return function* ({ sim, mutexes }) {
      yield at(mutexes, which).lock();
      yield sim.sleep(1);
      at(mutexes, which).unlock();
    };
  },
  clock() {
    return function* ({ sim, shared }) {
      yield* at(shared, 1).read();
      if (sim.nowMs() > 0) yield at(shared, 0).write(6);
    };
  },
  choose(prng) {
    const cell = prng.below(2);
    return function* ({ sim, shared, atomic }) {
      yield* at(shared, cell).read();
      const value = sim.choose(2);
      if (value === 0) yield at(shared, cell).write(8);
      else yield* atomic.load();
    };
  },
  chooseWhatToUnlock(prng) {
    const which = prng.below(2);
    return function* ({ sim, mutexes, shared }) {
      yield at(mutexes, which).lock();
      if (sim.choose(2) === 0) yield at(shared, 0).write(2);
      at(mutexes, which).unlock();
      yield* at(shared, 1).read();
    };
  },
  spawn(prng, depth) {
    const child = pieceOf(prng, depth + 1);
    const joins = prng.below(2) === 0;
    return function* (things) {
      const handle = yield* things.sim.spawn("child", () => child(things));
      yield things.atomic.add(1);
      if (joins) yield* handle.join();
    };
  },
  fail(prng) {
    const cell = prng.below(2);
    return function* ({ shared }) {
      if ((yield* at(shared, cell).read()) > 1) throw new Error(`${cell} is too large`);
    };
  },
};

const NAMES = Object.keys(KINDS);

function pieceOf(prng: Prng, depth: number): Piece {
  for (;;) {
    const name = at(NAMES, prng.below(NAMES.length));
    if (name === "spawn" && depth > 0) continue;
    const kind = KINDS[name];
    if (kind !== undefined) return kind(prng, depth);
  }
}

/** A small program that uses a few blocks of all there are, drawn from a seed. */
export function randomProgram(seed: number): Setup {
  const prng = createPrng(`reduction/${seed}`);
  const tasks = Array.from({ length: 2 + prng.below(2) }, () => piecesOf(prng));
  return setupOf(prng, tasks, (i) => i === 0);
}

/** The same with tasks that do the same, whose numbers come with it. */
export function randomTwins(seed: number): { readonly setup: Setup; readonly twins: number[] } {
  const prng = createPrng(`twins/${seed}`);
  const pieces = piecesOf(prng);
  const count = 2 + prng.below(2);
  const others = prng.below(count === 2 ? 3 : 2);
  const first = prng.below(others + 1);
  const tasks = Array.from({ length: others }, () => piecesOf(prng));
  tasks.splice(first, 0, ...Array.from({ length: count }, () => pieces));
  return {
    setup: setupOf(prng, tasks, () => true),
    twins: Array.from({ length: count }, (_, i) => first + i),
  };
}

function piecesOf(prng: Prng): Piece[] {
  return Array.from({ length: 1 + prng.below(2) }, () => pieceOf(prng, 0));
}

/** @param writes Whether a task also writes to the disk, if there is one. */
function setupOf(
  prng: Prng,
  tasks: readonly (readonly Piece[])[],
  writes: (task: number) => boolean,
): Setup {
  const crashes = prng.below(6) === 0;
  const isChecked = prng.below(4) === 0;
  return (sim) => {
    const things = thingsOf(sim);
    const disk = crashes ? sim.disk() : null;
    for (const [i, pieces] of tasks.entries()) {
      sim.task(`t${i}`, function* () {
        for (const piece of pieces) yield* piece(things);
        if (disk !== null && writes(i)) yield* disk.open("file", "create");
      });
    }
    if (disk !== null) {
      sim.crash(function* () {
        yield* disk.list();
      });
    }
    if (!isChecked) return undefined;
    return function* () {
      const value = yield* at(things.shared, 0).read();
      yield* at(things.shared, 1).read();
      return value < 2;
    };
  };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`item ${index} of ${list.length}`);
  return item;
}
