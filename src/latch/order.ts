import type { LatchId } from "./latch-id.ts";
import type { Mode } from "./mode.ts";

/**
 * A protocol's latch order, as one comparator.
 *
 * It is asked at every blocking acquire that is made while something is held. A try-latch is
 * exempt: it never waits, so it closes no cycle. So is what the task holds but made itself and has
 * not shown to anybody, as a page just allocated: nobody can wait for it.
 */
export interface LatchOrder {
  /** What the rule is called in reports, as `parent before child, then left to right`. */
  readonly name: string;
  /**
   * Says which rule it would break to wait for `wanted` while holding `held`, in a few words as
   * `moves left while holding`, or null if the order allows it.
   */
  brokenRule(held: LatchId, wanted: LatchId): string | null;
}

/** One breach of a latch order: who waited for what while holding what. */
export interface OrderBreach {
  readonly rule: string;
  readonly held: LatchId;
  /** As what the driver knows that latch. */
  readonly heldObject: number;
  readonly heldMode: Mode;
  readonly heldSite: string;
  readonly wanted: LatchId;
  readonly wantedObject: number;
  readonly wantedMode: Mode;
  readonly wantedSite: string;
}
