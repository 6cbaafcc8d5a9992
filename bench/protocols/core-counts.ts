/** What happened on simulated cores. */
export interface CoreCounts {
  /** Waits for a latch that others held. */
  latchWaits: number;
  latchWaitNs: number;
  /** Latches taken. */
  latches: number;
  /** Try-latches that were refused, and optimistic pages that were being changed. */
  refusals: number;
  /** Descents from the root beyond the first of each operation. */
  restarts: number;
  /** Most latches that one operation held at once. */
  heldMost: number;
}

/** Counts that begin at nothing. */
export function noCounts(): CoreCounts {
  return { latchWaits: 0, latchWaitNs: 0, latches: 0, refusals: 0, restarts: 0, heldMost: 0 };
}
