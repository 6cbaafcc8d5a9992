import type { Fairness, Latch, LatchOwner } from "../../latch/index.ts";
import type { Scheduler } from "../scheduler.ts";
import type { StepHome } from "./awaited.ts";

/** Where building blocks live: what runs them, and how reports call them. */
export interface BlockHome extends StepHome {
  readonly scheduler: Scheduler;
  /** Makes a shared object of this name; returns its id. */
  nameObject(name: string): number;
  /** Makes a latch of this name. */
  newLatch(name: string, fairness: Fairness): Latch;
  /** Somebody looks at an object without a step, as a final check may. */
  looked(objectId: number): void;
  /** The running task as its latches see it. */
  currentOwner(): LatchOwner;
}
