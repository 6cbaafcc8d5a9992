import {
  EXCLUSIVE,
  LatchGuard,
  LatchOwner,
  LatchTable,
  latchId,
} from "../../../src/latch/index.ts";
import type { Failure } from "../../../src/sim/failure.ts";
import { SimLatchDriver } from "../../../src/sim/latch-driver.ts";
import type { Program, Scheduler } from "../../../src/sim/scheduler.ts";
import type { TaskSource } from "../../../src/sim/sim-task.ts";
import {
  ACCESS_READ,
  ACCESS_WRITE,
  type Access,
  Step,
  type Task,
  taskId,
} from "../../../src/task/index.ts";

/** What a bare task may do: latch, let go, and touch shared cells, each a step. */
export interface Bare {
  /** Takes the latch with this number alone. */
  lock(latch: number): Task<void>;
  /** Lets it go; a step only where the scheduler says so. */
  unlock(latch: number): void;
  /** Reads or writes a shared cell, named by a number. */
  touch(cell: number, access: Access): Step;
}

/** The body of one task. */
export type BareTask = (bare: Bare) => Task<void>;

/**
 * A program without a main task: all tasks are there, and enabled, before the first step.
 *
 * The latches barge, so that a blocked request is not enabled and joins no queue: the exact figures
 * known for such programs count the steps that way.
 */
export class BareProgram implements Program {
  readonly #bodies: readonly BareTask[];
  readonly #finish: () => Failure | null;
  readonly #latches = new LatchTable("barging");
  readonly #reset: () => void;

  constructor(
    bodies: readonly BareTask[],
    reset: () => void = () => {},
    finish: () => Failure | null = () => null,
  ) {
    this.#bodies = bodies;
    this.#reset = reset;
    this.#finish = finish;
  }

  begin(scheduler: Scheduler): void {
    this.#latches.reset();
    this.#reset();
    const driver = new SimLatchDriver(scheduler);
    this.#bodies.forEach((body, id) => {
      const tools = new BareTools(new LatchOwner(taskId(id), driver), this.#latches);
      scheduler.addTask(taskSource(body(tools), `task ${id}`));
    });
  }

  finish(): Failure | null {
    return this.#finish();
  }

  describeObject(objectId: number): string {
    return objectId % 2 === 0 ? `latch ${objectId / 2}` : `cell ${(objectId - 1) / 2}`;
  }
}

class BareTools implements Bare {
  readonly #owner: LatchOwner;
  readonly #latches: LatchTable;

  constructor(owner: LatchOwner, latches: LatchTable) {
    this.#owner = owner;
    this.#latches = latches;
  }

  *lock(latch: number): Task<void> {
    const guard = new LatchGuard(this.#owner);
    this.#owner.acquire(guard, this.#latches.latch(latchId(latch)), EXCLUSIVE, "lock");
    yield guard;
  }

  unlock(latch: number): void {
    this.#owner.held.find((guard) => guard.latch.id === latchId(latch))?.release();
  }

  touch(cell: number, access: Access): Step {
    return new Touch(2 * cell + 1, access);
  }
}

/** A step that is always enabled and does nothing by itself. */
export class FreeStep extends Step {
  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }
}

class Touch extends FreeStep {
  constructor(objectId: number, access: Access) {
    super();
    this.objectId = objectId;
    this.access = access;
    this.label = access === ACCESS_READ ? "read" : "write";
  }
}

/** A task that runs one generator. */
export function taskSource(code: Task<void>, name: string = "task"): TaskSource {
  let left: Task<void> | null = code;
  return {
    name,
    next: () => {
      const next = left;
      left = null;
      return next;
    },
    begun: () => {},
    ended: () => {},
    describe: () => name,
  };
}

/** Two tasks that latch two things in opposite orders. */
export function abBa(): BareProgram {
  return new BareProgram([nested(0, 1), nested(1, 0)]);
}

/** Each of `count` philosophers takes the left fork, then the right one. */
export function philosophers(count: number): BareProgram {
  return new BareProgram(Array.from({ length: count }, (_, i) => nested(i, (i + 1) % count)));
}

function nested(outer: number, inner: number): BareTask {
  return function* (bare) {
    yield* bare.lock(outer);
    yield* bare.lock(inner);
    bare.unlock(inner);
    bare.unlock(outer);
  };
}

/** W3: two tasks, each `rounds` times through the same critical section. */
export function criticalSections(tasks: number, rounds: number): BareProgram {
  return new BareProgram(Array.from({ length: tasks }, () => sections(rounds, () => 0)));
}

/** W1: task t's i-th section is under latch `(t + i) % latches`. */
export function stripedSections(tasks: number, rounds: number, latches: number): BareProgram {
  return new BareProgram(
    Array.from({ length: tasks }, (_, t) => sections(rounds, (i) => (t + i) % latches)),
  );
}

function sections(rounds: number, latchOf: (round: number) => number): BareTask {
  return function* (bare) {
    for (let i = 0; i < rounds; i++) {
      const latch = latchOf(i);
      yield* bare.lock(latch);
      bare.unlock(latch);
    }
  };
}

/** The toy of the SURW paper: the bits that two tasks shift into x tell the interleaving. */
export function shiftToy(bits: number): { program: BareProgram; outcome: () => number } {
  let x = 0;
  const shifting = (bit: number): BareTask =>
    function* (bare) {
      for (let i = 0; i < bits; i++) {
        yield bare.touch(0, ACCESS_WRITE);
        x = (x << 1) | bit;
      }
    };
  const program = new BareProgram([shifting(0), shifting(1)], () => {
    x = 0;
  });
  return { program, outcome: () => x };
}

/**
 * SCTBench's twostage: each writer sets a, then b = a + 1, each under a latch of its own. The one
 * reader looks at them in that order, and returns after the first if a is not set yet.
 *
 * @param readerFirst Whether the reader is the first task.
 */
export function twoStage(readerFirst: boolean, writers: number = 1): BareProgram {
  let a = 0;
  let b = 0;
  let torn = false;
  const writer: BareTask = function* (bare) {
    yield* bare.lock(0);
    a = 1;
    bare.unlock(0);
    yield* bare.lock(1);
    b = a + 1;
    bare.unlock(1);
  };
  const reader: BareTask = function* (bare) {
    yield* bare.lock(0);
    const seenA = a;
    bare.unlock(0);
    if (seenA === 0) return;
    yield* bare.lock(1);
    torn = b !== seenA + 1;
    bare.unlock(1);
  };
  const all = Array.from({ length: writers }, () => writer);
  return new BareProgram(
    readerFirst ? [reader, ...all] : [...all, reader],
    () => {
      a = b = 0;
      torn = false;
    },
    () => (torn ? { kind: "wrong-result", message: "b is not a + 1", task: null } : null),
  );
}

/** SCTBench's reorder: setters write a = 1, b = -1; one checker reads a, then b. */
export function reorder(setters: number): BareProgram {
  let a = 0;
  let b = 0;
  let torn = false;
  const setter: BareTask = function* (bare) {
    yield bare.touch(0, ACCESS_WRITE);
    a = 1;
    yield bare.touch(1, ACCESS_WRITE);
    b = -1;
  };
  const checker: BareTask = function* (bare) {
    yield bare.touch(0, ACCESS_READ);
    const seenA = a;
    yield bare.touch(1, ACCESS_READ);
    torn = (seenA === 0) !== (b === 0);
  };
  return new BareProgram(
    [...Array.from({ length: setters }, () => setter), checker],
    () => {
      a = b = 0;
      torn = false;
    },
    () => (torn ? { kind: "wrong-result", message: "a and b differ", task: null } : null),
  );
}
