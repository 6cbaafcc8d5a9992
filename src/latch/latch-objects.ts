import type { LatchId } from "./latch-id.ts";

/** Under which ids the latches of one table are known among a driver's shared objects. */
export interface LatchObjects {
  /** The id of a latch: the same in every run, in whatever order latches are asked for. */
  objectOf(latch: LatchId): number;
}

/** The ids where one table is all there is: the even ones; everything else has the odd ones. */
export const ONLY_TABLE: LatchObjects = { objectOf: (latch) => 2 * latch };
