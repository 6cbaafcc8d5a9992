/**
 * Latches: the short physical protection of one page's bytes.
 *
 * A latch is a state machine that grants, queues and hands over; it never waits. Whoever needs one
 * holds a guard, which is both the step to wait on and, once granted, the right to the page. The
 * owner is the task as its latches see it. All drivers share this code; they differ only in whether
 * an acquire is granted at once or left to a scheduler, and in whom they wake for a grant.
 *
 * Invariants:
 * 1. Any two holders of one latch are compatible by the one table in `mode.ts`: any number in S,
 *    with at most one in U beside them, or one in X and nobody else.
 * 2. A latch is not re-entrant. A task that asks twice waits for itself, and that is reported.
 * 3. A guard is released once, by its owner, before the operation ends.
 * 4. Every blocking acquire made while something is held is checked against the protocol's order.
 * 5. No latch is held across the end of an operation or user code, and none across a sync but the
 *    tree's under `tree-mutex-durable`, whose point that is. While a page is fetched, latches may
 *    be held; a fetch waits for no latch, so no cycle runs through it.
 * 6. A latch's version counts its exclusive releases. While a guard or an optimistic reader claims
 *    the latch, it stays the same object. So what was read between two looks at the version was not
 *    changed meanwhile, if both find the same one and no exclusive holder.
 *
 * Left out: locks (what transactions hold; this engine has none), timeouts and victims (a latch
 * protocol must be free of deadlocks by its order), downgrades (nobody needs one yet), and
 * a mode for optimistic reads: they hold nothing, and go by the version.
 */
export {
  type Arrival,
  type GuardDriver,
  type GuardOwner,
  type GuardState,
  LatchGuard,
} from "./guard.ts";
export { LatchTable } from "./latch-table.ts";
export { Latch, type LatchFigures, type LatchRequest } from "./latch.ts";
export { type LatchId, latchId } from "./latch-id.ts";
export {
  areCompatible,
  EXCLUSIVE,
  type Fairness,
  FAIRNESS_SETTINGS,
  holdsUp,
  type Mode,
  modeLetter,
  SHARED,
  UPDATE,
} from "./mode.ts";
export { type LatchObjects, ONLY_TABLE } from "./latch-objects.ts";
export type { LatchOrder, OrderBreach } from "./order.ts";
export { DIRECT_DRIVER, type LatchDriver, LatchOwner } from "./owner.ts";
export { type BlockersOf, findWaitCycle } from "./wait-for.ts";
