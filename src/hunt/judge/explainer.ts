// Past the room's door, which is for whole histories: a run is judged thousands of times a second.
import { ALL_REDUCTIONS, Budget, PartSearch } from "../../linearizability/search/index.ts";
import { assert } from "../../task/index.ts";
import type { History, OperationRecord } from "./run-history.ts";
import type { KeyHistories } from "./key-histories.ts";
import { ILLEGAL, type KeyHistory, touches } from "./key-history.ts";
import { type Fate, problemOf } from "./key-problem.ts";

/** Which part of a history is judged, and what must come out of it. */
export interface Judged {
  /** Whether an operation that was begun counts. */
  readonly counts: (record: OperationRecord) => boolean;
  /** Whether the contents at the end have to be explained as well. */
  readonly withEnd: boolean;
}

/** One way in which the batches cut off may have ended, and what is then left unexplained. */
export interface UnexplainedChoice {
  /** Those that took effect. */
  readonly done: ReadonlySet<OperationRecord>;
  readonly odd: Unexplained;
}

/** What nothing explains: a key, or (`whole`) what scans saw, while each key by itself can be. */
export type Unexplained = KeyHistory | "whole";

const NO_BATCHES: ReadonlySet<OperationRecord> = new Set();

/**
 * Looks for an order of a run's operations that explains every result and keeps real time.
 *
 * Key by key, since every operation but a scan touches one key at a time, and a scan promises each
 * key at some moment of its own (linearizability is local, Herlihy and Wing 1990). Where a protocol
 * promises scans of one moment, all keys are looked at together as well.
 *
 * The order in which operations returned explains nearly every right run, so that is followed
 * first, in linear time and for all keys at once. Only what it does not explain is searched.
 */
export class Explainer {
  readonly #history: History;
  readonly #keys: KeyHistories;
  readonly #scansAreAtomic: boolean;
  readonly #isWhole: boolean;
  readonly #search = new PartSearch(new Budget({}), ALL_REDUCTIONS, []);
  /** For the run judged last, if nothing explains it: each choice among its batches cut off. */
  readonly choices: UnexplainedChoice[] = [];

  constructor(history: History, keys: KeyHistories, scansAreAtomic: boolean) {
    this.#history = history;
    this.#keys = keys;
    this.#scansAreAtomic = scansAreAtomic;
    this.#isWhole = history.records.some((record) => this.#isOfOneMoment(record));
  }

  /** What no order explains of the run that just ended; null if one explains everything. */
  unexplained(judged: Judged): Unexplained | null {
    if (this.choices.length > 0) this.choices.length = 0;
    if (this.#followReturns(judged)) return null;
    const batches = this.#history.records.filter(
      (record) => record.isCut && record.operation.kind === "batch" && judged.counts(record),
    );
    const isBound = (key: KeyHistory): boolean => isInOneOf(batches, key);
    const free = this.#keys.all.filter((key) => !isBound(key));
    const freeOdd = this.#firstOdd(free, judged, NO_BATCHES);
    if (freeOdd !== null) return freeOdd;
    // A batch cut off is all there or not at all, on all its keys.
    const bound = this.#keys.all.filter(isBound);
    let odd: Unexplained | null = null;
    for (let choice = 0; choice < 2 ** batches.length; choice++) {
      const chosen = new Set(batches.filter((_, i) => Math.floor(choice / 2 ** i) % 2 === 1));
      const found = this.#firstOdd(bound, judged, chosen) ?? this.#oddWhole(judged, chosen);
      if (found === null) return null;
      this.choices.push({ done: chosen, odd: found });
      if (odd !== "whole") odd = found;
    }
    return odd;
  }

  /** True if the order of returns explains everything. */
  #followReturns({ counts, withEnd }: Judged): boolean {
    const isOneOrder = this.#keys.followReturns(counts);
    for (const key of this.#keys.all) if (!isFollowed(key, withEnd)) return false;
    return isOneOrder || !this.#isWhole;
  }

  /** The first of some keys that nothing explains, if of all batches cut off these took effect. */
  #firstOdd(
    keys: readonly KeyHistory[],
    judged: Judged,
    batches: ReadonlySet<OperationRecord>,
  ): KeyHistory | null {
    const fates = this.#fates(judged, batches);
    for (const key of keys) {
      if (isFollowed(key, judged.withEnd) && !isInOneOf(batches, key)) continue;
      if (!this.#isExplained([key], fates, judged.withEnd)) return key;
    }
    return null;
  }

  #oddWhole(judged: Judged, batches: ReadonlySet<OperationRecord>): "whole" | null {
    if (!this.#isWhole) return null;
    const { counts, withEnd } = judged;
    // What promises each key only at a moment of its own was judged key by key.
    const isBound = (record: OperationRecord): boolean =>
      counts(record) && (record.operation.kind !== "scan" || this.#isOfOneMoment(record));
    const fates = this.#fates({ counts: isBound, withEnd }, batches);
    return this.#isExplained(this.#keys.all, fates, judged.withEnd) ? null : "whole";
  }

  /** Whether an operation is a scan whose rows are promised to be of one moment. */
  #isOfOneMoment({ operation }: OperationRecord): boolean {
    return operation.kind === "scan" && (this.#scansAreAtomic || operation.atOnce === true);
  }

  /** What became, or may have become, of each operation that counts. */
  #fates({ counts }: Judged, batches: ReadonlySet<OperationRecord>): Fate[] {
    const fates: Fate[] = [];
    for (const record of this.#history.records) {
      if (!this.#history.wasInvoked(record.index) || !counts(record)) continue;
      const { kind } = record.operation;
      if (!record.isCut || batches.has(record)) fates.push({ record, isCertain: true });
      else if (!isRead(record) && kind !== "batch") fates.push({ record, isCertain: false });
    }
    const { invokedAt } = this.#history;
    const begun = ({ record }: Fate): number => invokedAt[record.index] ?? 0;
    return fates.toSorted((a, b) => begun(a) - begun(b));
  }

  #isExplained(keys: readonly KeyHistory[], fates: readonly Fate[], withEnd: boolean): boolean {
    const found = this.#search.decide(problemOf(this.#history, keys, fates, withEnd));
    assert(found.kind !== "unknown", "a search without a budget comes to an end");
    return found.kind === "yes";
  }
}

/** Whether an operation only looks. */
export function isRead({ operation }: OperationRecord): boolean {
  return operation.kind === "get" || operation.kind === "scan";
}

/** Whether the order that was followed last explains a key. */
function isFollowed(key: KeyHistory, withEnd: boolean): boolean {
  return key.state !== ILLEGAL && (!withEnd || key.state === key.after);
}

function isInOneOf(batches: Iterable<OperationRecord>, { key }: KeyHistory): boolean {
  for (const { operation } of batches) if (touches(operation, key)) return true;
  return false;
}
