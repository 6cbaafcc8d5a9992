import type { GivenUp } from "./search/index.ts";

/** Why an order does not explain a history: the operation at fault, and what is wrong with it. */
export interface OrderFault {
  readonly operation: number;
  readonly reason: "unknown" | "twice" | "failed" | "too late" | "not legal" | "missing";
}

/** What every verdict says. */
interface Common {
  /** Configurations expanded. */
  readonly explored: number;
  /** What is wrong with the order that was claimed to be a witness, if one was and it is not. */
  readonly claim?: OrderFault;
}

/** A history is linearizable, and this order shows it. */
export interface Linearizable extends Common {
  readonly kind: "linearizable";
  /**
   * Ids of operations in an order that explains every answer and agrees with real time. Left out
   * are operations without effect and those with an uninformative answer: failed ones, pending ones
   * that this order does without, and, where scans are judged key by key, the scans.
   */
  readonly witness: readonly number[];
}

/** No order explains the history. */
export interface NotLinearizable extends Common {
  readonly kind: "not-linearizable";
  /** The key or keys whose operations cannot be explained; empty if keys do not matter. */
  readonly keys: readonly string[];
  /**
   * Order number of the event at which the last way to explain the whole history was given up. A
   * search gives a way up as soon as it knows that a later answer cannot come of it, so the events
   * up to here may well be linearizable by themselves: write 1 twice, write 2, read 1 ends at write
   * 2. Where each value is made once it is the return of the first answer that has no explanation.
   */
  readonly event: number;
  /** Id of the operation that returned there; not always the one whose answer is wrong. */
  readonly operation: number;
  /** Ids of the operations on these keys that were open just before, ascending. */
  readonly open: readonly number[];
}

/** The budget ran out, or the check was cancelled. Says nothing about the history. */
export interface Unknown extends Common {
  readonly kind: "unknown";
  readonly reason: GivenUp;
  readonly keys: readonly string[];
  /** Order number of the event up to which these keys' operations can be explained. */
  readonly event: number;
  /** How many events the history has. */
  readonly events: number;
}

/** What a check found. */
export type Verdict = Linearizable | NotLinearizable | Unknown;
