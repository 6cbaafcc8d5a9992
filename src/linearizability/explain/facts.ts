/**
 * Facts: why a history is not linearizable, as data. `sentences.ts` puts them into words.
 *
 * Operations are ids of the history. Values are those of the history, as JSON. Each fact holds in
 * every order that explains the core; one inside of a case, in every such order that agrees with
 * what the case supposes. The last fact of a list contradicts the others.
 */

/** Who left a value: an operation, or null for the initial state. */
export type Writer = number | null;

/** What one operation found. */
export interface Finding {
  /**
   * - `value`: it found this value.
   * - `other-value`: it found some value other than this one.
   * - `scanned-value`: a scan that names the key with this value.
   * - `scanned-absent`: a scan that does not name the key; `value` is what an absent key holds.
   */
  readonly kind: "value" | "other-value" | "scanned-value" | "scanned-absent";
  readonly operation: number;
  /** Null if the object has no keys. */
  readonly key: string | null;
  readonly value: unknown;
}

/** One operation was over before another began. */
export interface TimeFact {
  readonly kind: "time";
  readonly before: number;
  readonly after: number;
  /** True if `before` never returned, and a crash ended it. */
  readonly isCut: boolean;
  /** True if the system crashed between the two. */
  readonly isAcrossCrash: boolean;
}

/** One operation comes before another, as an earlier fact shows. */
export interface ShownOrder {
  readonly kind: "shown";
  readonly before: number;
  readonly after: number;
}

/** A chain of orders; empty if an earlier fact says all of it. */
export type Chain = readonly (TimeFact | ShownOrder)[];

/** Why an operation, or several, did not leave what the `finder` found. */
export type Exclusion =
  /** The writer comes after the finder. */
  | {
      readonly kind: "comes-after";
      readonly writer: number;
      readonly finder: number;
      readonly because: Chain;
    }
  /** Between the two, `by` wrote another value. */
  | {
      readonly kind: "replaced";
      readonly writer: Writer;
      readonly by: number;
      readonly because: Chain;
    }
  /** Between the two, an operation found another value. */
  | {
      readonly kind: "gone";
      readonly writer: Writer;
      readonly found: Finding;
      readonly because: Chain;
    }
  /** The operation answered that it changed nothing. */
  | { readonly kind: "did-nothing"; readonly writer: number }
  /** `count` operations were over before `by` began, and `by` was over before the finder began. */
  | {
      readonly kind: "all-replaced";
      readonly count: number;
      readonly by: number;
      readonly finder: number;
    }
  /** The same, where an operation in between found another value. */
  | {
      readonly kind: "all-gone";
      readonly count: number;
      readonly found: Finding;
      readonly finder: number;
    }
  /** `count` operations began after `finder` was over; if null, too late to matter. */
  | { readonly kind: "too-late"; readonly count: number; readonly finder: number | null };

/** What a case supposes. */
export type Supposition =
  | { readonly kind: "order"; readonly before: number; readonly after: number }
  | { readonly kind: "source"; readonly finder: number; readonly writer: Writer };

/** One of several cases, at least one of which holds; each ends in a contradiction. */
export interface Case {
  readonly supposed: Supposition;
  readonly facts: readonly ExplanationFact[];
}

export type ExplanationFact =
  /**
   * Who left what was found. `writers` operations leave such a value, not counting the initial
   * state; `excluded` says why the others did not.
   */
  | {
      readonly kind: "source";
      readonly found: Finding;
      readonly writer: Writer;
      readonly writers: number;
      readonly excluded: readonly Exclusion[];
    }
  /** The finder comes before `overwriter`, which follows the writer and changes what it left. */
  | {
      readonly kind: "not-yet-overwritten";
      readonly found: Finding;
      readonly writer: Writer;
      readonly overwriter: number;
      readonly because: Chain;
    }
  /** `overwriter` changes the key and comes before the finder, so it comes before the writer. */
  | {
      readonly kind: "overwritten-before";
      readonly found: Finding;
      readonly writer: number;
      readonly overwriter: number;
      readonly because: Chain;
    }
  /** An end: no operation leaves the value, unless one that is marked as failed. */
  | {
      readonly kind: "no-writer";
      readonly found: Finding;
      readonly isOfFailed: boolean;
    }
  /** An end: nothing that leaves such a value left the one that was found. */
  | {
      readonly kind: "all-excluded";
      readonly found: Finding;
      readonly writers: number;
      /** True if the value was there in the initial state. */
      readonly isInitial: boolean;
      readonly excluded: readonly Exclusion[];
    }
  /** An end of a case: the writer that it supposes did not leave what was found. */
  | {
      readonly kind: "supposed-excluded";
      readonly found: Finding;
      readonly excluded: readonly Exclusion[];
    }
  /** An end: no state at all gives this answer, as of a scan that names a key twice. */
  | {
      readonly kind: "impossible-answer";
      readonly operation: number;
      readonly key: string | null;
    }
  /** An end: each of two operations comes before the other. */
  | {
      readonly kind: "cycle";
      readonly first: number;
      readonly second: number;
      readonly firstBeforeSecond: Chain;
      readonly secondBeforeFirst: Chain;
    }
  /** An end: one of these cases holds, and none of them can. */
  | { readonly kind: "cases"; readonly cases: readonly Case[] }
  | TimeFact
  /** Real time leaves this one order. */
  | { readonly kind: "only-order"; readonly operations: readonly number[] }
  /** In this order and without others they lead to one of `count` states; here are the first. */
  | {
      readonly kind: "leads-to";
      readonly operations: readonly number[];
      readonly states: readonly unknown[];
      readonly count: number;
    }
  /** An end: the operation cannot answer so; if `isInOrder`, at its place in the only order. */
  | { readonly kind: "wrong-answer"; readonly operation: number; readonly isInOrder: boolean }
  /** An end: no order gives the answers of all these operations. */
  | { readonly kind: "no-order"; readonly operations: readonly number[] }
  /** The core has so many operations that nothing more is said of it. */
  | { readonly kind: "core-too-large"; readonly operations: number };
