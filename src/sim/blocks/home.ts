import type { Latch, LatchOwner } from "../../latch/index.ts";
import type { Scheduler } from "../scheduler.ts";

/** Where building blocks live: what runs them, and how reports call them. */
export interface BlockHome {
  readonly scheduler: Scheduler;
  /** Makes a shared object of this name; returns its id. */
  nameObject(name: string): number;
  /** Notes what a latch protects, for reports. */
  nameLatch(name: string, make: (id: number) => Latch): Latch;
  /** The running task as its latches see it. */
  currentOwner(): LatchOwner;
}
