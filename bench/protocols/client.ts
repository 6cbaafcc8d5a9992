import type { LatchGuard } from "../../src/latch/index.ts";
import {
  createPrng,
  type LatchworkError,
  type Prng,
  type Step,
  type Task,
  type TaskId,
} from "../../src/task/index.ts";
import { Bill } from "./bill.ts";

/** Gives a client its operations, one after the other, and is told of their ends. */
export interface Work {
  /** Whether what it does counts: it is no background. */
  readonly isCounted: boolean;
  /** The next operation, or null if there is none any more. */
  next(atNs: number): Task<unknown> | null;
  ended(atNs: number): void;
}

/** A client of the simulated machine: it has one operation under way, and needs a core for that. */
export class Client {
  readonly id: TaskId;
  readonly work: Work;
  /** How long its searches take, one by one. */
  readonly prng: Prng;
  /** The core it had last, and has while it runs. */
  core: number;
  task: Task<unknown> | null = null;
  /** What its operation does next, or waits for. */
  step: Step | null = null;
  /** What it has done and not been charged for yet. */
  readonly bill: Bill = new Bill();
  /** Whether the way to that step is on the bill, or paid, so that it can be taken. */
  hasAsked = false;
  /** Since when it waits, if it does. */
  waitsSinceNs: number | null = null;
  /** Whether its operation is over, once what it did last is paid for. */
  isDone = false;
  /** Whether it waits for a latch that others hold. */
  isHeldUp = false;
  /** A page that it has come to, and has yet to search. */
  unsearched: LatchGuard | null = null;
  /** How often its operation has looked where the root is. */
  descents = 0;
  /** A fault of the world that its last step met. */
  fault: LatchworkError | null = null;
  readonly happening: { readonly happen: () => void };

  constructor(id: TaskId, core: number, work: Work, go: (client: Client) => void) {
    this.id = id;
    this.core = core;
    this.work = work;
    this.prng = createPrng(`searches ${id}`);
    this.happening = { happen: () => go(this) };
  }
}
