import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  checkTree,
  Operation,
  PROTOCOLS,
  type Protocol,
  TreeStore,
} from "../../src/btree/index.ts";
import { EventLoop } from "../../src/level/index.ts";
import { EXCLUSIVE, LatchGuard, latchId, LatchOwner, LatchTable } from "../../src/latch/index.ts";
import { LatchworkError, Step, type Task, taskId, type TaskId } from "../../src/task/index.ts";

/** A step that is enabled once it is opened; counts how often it is looked at. */
class Gate extends Step {
  isOpen = false;
  looks = 0;
  parkedBy: TaskId[] = [];
  readonly #fault: Error | null;

  constructor(fault: Error | null = null) {
    super();
    this.#fault = fault;
    this.label = "pass the gate";
  }

  override isEnabled(): boolean {
    this.looks++;
    return this.isOpen;
  }

  override take(): boolean {
    if (this.#fault !== null) throw this.#fault;
    return true;
  }

  override park(task: TaskId): void {
    this.parkedBy.push(task);
  }
}

function open(loop: EventLoop, gate: Gate): void {
  gate.isOpen = true;
  loop.wake(gate);
}

function* passAll(gates: readonly Gate[], told: () => void): Task<void> {
  for (const gate of gates) yield gate;
  told();
}

describe("a task", () => {
  it("runs on the spot until it must wait, and to its end if it need not", () => {
    const loop = new EventLoop();
    const told: string[] = [];
    const gate = new Gate();
    const done = (): unknown => told.push("done");
    loop.start(
      passAll([], () => told.push("ran")),
      { done, failed: unexpected },
    );
    loop.start(
      passAll([gate], () => told.push("passed")),
      { done, failed: unexpected },
    );
    expect(told).toEqual(["ran", "done"]);
    expect(loop.pendingCount).toBe(1);
    expect(gate.parkedBy).toEqual([taskId(0)]);
    expect(loop.waitingFor()).toEqual(["task 0: pass the gate"]);
  });

  it("looks again after each wake, and waits on if it was woken for nothing", async () => {
    const loop = new EventLoop();
    const gate = new Gate();
    const run = loop.run(passAll([gate], () => undefined));
    for (let i = 0; i < 3; i++) {
      loop.wake(gate);
      await nextTurn();
    }
    expect(gate.looks).toBe(4);
    expect(gate.parkedBy.length).toBe(4);
    open(loop, gate);
    await run;
    loop.wake(gate);
    expect(loop.pendingCount).toBe(0);
  });

  it("is thrown the faults of the world at its yield, and can go on", async () => {
    const loop = new EventLoop();
    const fault = new LatchworkError("DISK_ERROR", "the disk is gone");
    const gate = new Gate(fault);
    const next = new Gate();
    const run = loop.run(
      (function* survive(): Task<unknown> {
        try {
          yield gate;
        } catch (error) {
          yield next;
          return error;
        }
        return null;
      })(),
    );
    open(loop, gate);
    await nextTurn();
    open(loop, next);
    expect(await run).toBe(fault);
  });

  it("fails of anything else that a step throws, and of what it throws itself", async () => {
    const loop = new EventLoop();
    const bug = new TypeError("our bug");
    const gate = new Gate(bug);
    gate.isOpen = true;
    await expect(loop.run(passAll([gate], () => undefined))).rejects.toBe(bug);
    const thrower = (): never => {
      throw bug;
    };
    await expect(loop.run(passAll([], thrower))).rejects.toBe(bug);
    expect(loop.pendingCount).toBe(0);
  });

  it("gets the lowest id that is free", async () => {
    const loop = new EventLoop();
    const gates = [new Gate(), new Gate(), new Gate()];
    const runs = gates.map((gate) => loop.run(passAll([gate], () => undefined)));
    for (const gate of gates) open(loop, gate);
    await Promise.all(runs);
    const again = new Gate();
    for (let i = 0; i < 3; i++) void loop.run(passAll([again], () => undefined));
    expect(again.parkedBy.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });
});

describe("the order", () => {
  it("is first in, first out, for the waiters of one step and of many", async () => {
    const loop = new EventLoop();
    const told: number[] = [];
    const gates = [new Gate(), new Gate()];
    const runs = Array.from({ length: 10 }, (_, i) => {
      const gate = gates[i % 2] ?? new Gate();
      return loop.run(passAll([gate], () => told.push(i)));
    });
    for (const gate of gates.toReversed()) open(loop, gate);
    await Promise.all(runs);
    expect(told).toEqual([1, 3, 5, 7, 9, 0, 2, 4, 6, 8]);
  });

  it("lets a thousand tasks wake one another on one stack frame", async () => {
    const loop = new EventLoop();
    const count = 20_000;
    const gates = Array.from({ length: count + 1 }, () => new Gate());
    const runs = gates.slice(0, count).map((gate, i) =>
      loop.run(
        passAll([gate], () => {
          const next = gates[i + 1];
          if (next !== undefined) open(loop, next);
        }),
      ),
    );
    const [first] = gates;
    if (first !== undefined) open(loop, first);
    await Promise.all(runs);
    expect(loop.pendingCount).toBe(0);
  });

  it("lets a task go first that is woken as urgent", async () => {
    const loop = new EventLoop();
    const gates = [new Gate(), new Gate(), new Gate()];
    const told: number[] = [];
    const runs = gates.map((gate, i) => loop.run(passAll([gate], () => told.push(i))));
    for (const [i, gate] of gates.entries()) {
      gate.isOpen = true;
      loop.wake(gate, i === 2);
    }
    await Promise.all(runs);
    expect(told).toEqual([2, 0, 1]);
  });

  it("starts a task from within another's end without a deeper stack", () => {
    const loop = new EventLoop();
    let left = 500;
    const again = (): void => {
      if (left-- > 0) loop.start(passAll([], again), { done: () => undefined, failed: unexpected });
    };
    loop.start(passAll([], again), { done: () => undefined, failed: unexpected });
    expect(left).toBe(-1);
  });

  it("hands a latch on in the order of arrival", async () => {
    const loop = new EventLoop();
    const latches = new LatchTable("fifo");
    const told: number[] = [];
    const gate = new Gate();
    function* holder(i: number): Task<void> {
      const owner = new LatchOwner(taskId(i), loop);
      const guard = new LatchGuard(owner);
      owner.acquire(guard, latches.latch(latchId(7)), EXCLUSIVE, "test");
      if (guard.pending) yield guard;
      if (i === 0) yield gate;
      told.push(i);
      guard.release();
    }
    const runs = Array.from({ length: 1_000 }, (_, i) => loop.run(holder(i)));
    open(loop, gate);
    await Promise.all(runs);
    expect(told).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(latches.firstInUse()).toBeNull();
  });
});

describe("Node's event loop", () => {
  it("gets its turn though tasks never wait, and though new ones keep coming", async () => {
    const loop = new EventLoop();
    let isOver = false;
    const open1 = new Gate();
    open1.isOpen = true;
    function* busy(): Task<void> {
      while (!isOver) yield open1;
    }
    async function starter(): Promise<void> {
      while (!isOver) await loop.run(passAll([], () => undefined));
    }
    const runs = [loop.run(busy()), starter()];
    await new Promise((resolve) => setTimeout(resolve, 5));
    isOver = true;
    await Promise.all(runs);
    expect(open1.looks).toBeGreaterThan(100);
  });

  it("never lets a sleep end early, and lets others go first even at a sleep of nothing", async () => {
    const loop = new EventLoop();
    const told: string[] = [];
    function* sleeper(ms: number): Task<number> {
      const begun = loop.nowMs();
      yield loop.sleep(ms);
      told.push(`slept ${ms}`);
      return loop.nowMs() - begun;
    }
    const sleeps = [0, 0.3, 2, 7.5].map(async (ms) => ({ ms, took: await loop.run(sleeper(ms)) }));
    told.push("others");
    for (const { ms, took } of await Promise.all(sleeps)) expect(took).toBeGreaterThanOrEqual(ms);
    expect(told[0]).toBe("others");
  });

  it.each([
    ["is kept alive by a task that sleeps", false, "slept\n"],
    ["is not kept alive by a background task that sleeps", true, ""],
  ])("%s", (_, background, told) => {
    const url = new URL("../../dist/level/index.js", import.meta.url);
    const script = `
      import { EventLoop } from ${JSON.stringify(fileURLToPath(url))};
      const loop = new EventLoop();
      function* sleeper() { yield loop.sleep(500); console.log("slept"); }
      loop.run(sleeper(), { background: ${background} });`;
    const args = ["--input-type=module", "-e", script];
    const child = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(child.stdout).toBe(told);
    expect(child.status).toBe(0);
  });
});

describe.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))("%s", (_, proto) => {
  it("keeps its tree right with 200 tasks that meet in it", async () => {
    const loop = new EventLoop();
    const store = new TreeStore({ pageSize: 512, mostEntries: 4 });
    const runs = Array.from({ length: 200 }, (__, i) => loop.run(worker(loop, store, proto, i)));
    const kept = await Promise.all(runs);
    expect(kept.every((isKept) => isKept)).toBe(true);
    const report = checkTree(store.memory, store.params);
    expect(report.problems).toEqual([]);
    expect(store.latches.firstInUse()).toBeNull();
  });
});

/** Puts, deletes and gets keys of its own between those of others, waiting a turn now and then. */
function* worker(
  loop: EventLoop,
  store: TreeStore,
  protocol: Protocol,
  index: number,
): Task<boolean> {
  const op = new Operation(store, taskId(index), loop, protocol.latchOrder(store));
  for (let round = 0; round < 10; round++) {
    const key = Uint8Array.of(round, index);
    yield* protocol.put(op, key, key);
    if (round % 3 === index % 3) yield loop.sleep(0);
    if (round % 2 === 1) yield* protocol.delete(op, Uint8Array.of(round - 1, index));
  }
  return yield* protocol.get(op, Uint8Array.of(9, index));
}

function unexpected(reason: unknown): never {
  throw new Error(`a task failed: ${String(reason)}`);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
