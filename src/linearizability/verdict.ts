import type { GivenUp } from "./search/index.ts";

/** A history is linearizable, and this order shows it. */
export interface Linearizable {
  readonly kind: "linearizable";
  /**
   * Ids of operations in an order that explains every answer and agrees with real time. Left out
   * are operations that had no effect or told nothing: failed ones, pending ones that this order
   * does without, and, where scans are judged key by key, the scans.
   */
  readonly witness: readonly number[];
  /** Configurations expanded. */
  readonly explored: number;
}

/** No order explains the history. */
export interface NotLinearizable {
  readonly kind: "not-linearizable";
  /** The key or keys whose operations alone cannot be explained; empty if keys do not matter. */
  readonly keys: readonly string[];
  /**
   * Order number of the event at which the last way to explain the whole history was given up. A
   * way is given up as soon as it is known that a later answer cannot come of it, so the events up
   * to here may well be linearizable by themselves: write 1, write 2, read 1 ends at write 2.
   */
  readonly event: number;
  /** Id of the operation that returned there; not always the one whose answer is wrong. */
  readonly operation: number;
  /** Ids of the operations on these keys that were open just before, ascending. */
  readonly open: readonly number[];
  readonly explored: number;
}

/** The budget ran out, or somebody broke off. Says nothing about the history. */
export interface Unknown {
  readonly kind: "unknown";
  readonly reason: GivenUp;
  readonly keys: readonly string[];
  /** Order number of the event up to which these keys' operations can be explained. */
  readonly event: number;
  /** How many events the history has. */
  readonly events: number;
  readonly explored: number;
}

/** What a check found. */
export type Verdict = Linearizable | NotLinearizable | Unknown;
