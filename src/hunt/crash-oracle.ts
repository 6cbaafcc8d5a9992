import { LinearizationSearch, SEARCH_OPERATIONS_MAX } from "../linearizability/index.ts";
import { type Failure, taskToken } from "../sim/index.ts";
import type { PageSource } from "../storage/index.ts";
import { LatchworkError } from "../task/index.ts";
import type { History, OperationRecord } from "./history.ts";
import { ABSENT, type Contents, KeyHistory, keysOf } from "./key-history.ts";
import { formatOperation } from "./operation-text.ts";
import { describeOutcome, rowsProblem } from "./outcomes.ts";
import { visitContents } from "./read-contents.ts";
import type { Durability } from "./scenario.ts";

/** Which part of a history is judged, and what must come out of it. */
interface Judged {
  /** Whether an operation that ended counts. */
  readonly counts: (record: OperationRecord) => boolean;
  /** Whether the contents at the end have to be explained as well. */
  readonly withEnd: boolean;
}

/**
 * Judges a run with crashes by durable linearizability (Izraelevitz, Mendes and Scott, DISC 2016):
 * the history without its crashes must be linearizable, where an operation that a crash cut off has
 * taken effect before that crash, as a whole, or never.
 *
 * Where reads do not wait for the log, what they saw may be lost in the crash. Then the history is
 * judged without them, and each part before a crash once more with them and without what follows.
 */
export class CrashOracle {
  readonly #history: History;
  readonly #before: Contents;
  readonly #durableReads: boolean;
  readonly #search = new LinearizationSearch();
  readonly #keys: ReadonlyMap<number, KeyHistory>;

  constructor(history: History, before: Contents, durability: Durability) {
    this.#history = history;
    this.#before = before;
    this.#durableReads = durability.reads === "durable";
    const keys = new Set(before.keys());
    for (const { operation } of history.records) for (const key of keysOf(operation)) keys.add(key);
    this.#keys = new Map(
      [...keys].toSorted((a, b) => a - b).map((key) => [key, new KeyHistory(history, key, before)]),
    );
  }

  /**
   * Refuses a scenario whose histories are longer than a search can hold, or with a batch that
   * writes a key twice: a reader may see either write, which no single one explains.
   *
   * @throws LatchworkError BAD_SCENARIO.
   */
  assertJudgeable(): void {
    for (const { operation } of this.#history.records) {
      if (operation.kind !== "batch") continue;
      const twice = operation.writes.find(({ key }, i) =>
        operation.writes.slice(0, i).some((earlier) => earlier.key === key),
      );
      if (twice === undefined) continue;
      const what = `${formatOperation(operation)} writes key ${twice.key} twice; expected once`;
      throw new LatchworkError("BAD_SCENARIO", `scenario: ${what}`);
    }
    const most = SEARCH_OPERATIONS_MAX - 1;
    for (const { key, operations } of this.#keys.values()) {
      const count = operations.length - 1;
      if (count <= most) continue;
      const what = `${count} operations touch key ${key}; at most ${most} can be judged`;
      throw new LatchworkError("BAD_SCENARIO", `scenario: ${what}`);
    }
  }

  /** Judges the run that just ended, with the tree at rest and checked. Null: all is explained. */
  judge(memory: PageSource): Failure | null {
    this.#history.ended();
    for (const record of this.#history.records) {
      if (record.operation.kind !== "scan" || record.isCut) continue;
      if (!this.#history.hasReturned(record.index)) continue;
      const problem = rowsProblem(record);
      if (problem !== null)
        return failure(`task ${record.task}: ${formatOperation(record.operation)} ${problem}`);
    }
    for (const key of this.#keys.values()) key.after = ABSENT;
    let strange: number | null = null;
    visitContents(memory, (key, value) => {
      const known = this.#keys.get(key);
      if (known === undefined) strange = key;
      else known.after = value;
    });
    if (strange !== null)
      return failure(`the tree ends with key ${String(strange)}, which nobody wrote`);
    const epochs = this.#history.crashedAt.length;
    const counts = (record: OperationRecord): boolean =>
      this.#durableReads || !isRead(record) || record.epoch === epochs;
    const lost = this.#unexplained({ counts, withEnd: true });
    if (lost !== null) return this.#refute(lost);
    if (this.#durableReads) return null;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const upTo = (record: OperationRecord): boolean =>
        record.epoch < epoch ? !isRead(record) : record.epoch === epoch;
      const odd = this.#unexplained({ counts: upTo, withEnd: false });
      if (odd !== null) return this.#refute(odd);
    }
    return null;
  }

  /** A key whose history nothing explains, or null. A batch cut off is all there or not at all. */
  #unexplained(judged: Judged): KeyHistory | null {
    const batches = this.#history.records.filter(
      (record) => record.isCut && record.operation.kind === "batch" && judged.counts(record),
    );
    let odd: KeyHistory | null = null;
    for (let choice = 0; choice < 1 << batches.length; choice++) {
      const chosen = new Set(batches.filter((_, i) => (choice & (1 << i)) !== 0));
      odd = this.#firstOdd(judged, chosen);
      if (odd === null) return null;
    }
    return odd;
  }

  #firstOdd(judged: Judged, batches: ReadonlySet<OperationRecord>): KeyHistory | null {
    for (const key of this.#keys.values()) if (!this.#isExplained(key, judged, batches)) return key;
    return null;
  }

  #isExplained(key: KeyHistory, judged: Judged, batches: ReadonlySet<OperationRecord>): boolean {
    const certain: number[] = [];
    const open: number[] = [];
    for (const index of key.operations) {
      const record = this.#history.records[index];
      if (record === undefined) {
        if (judged.withEnd) certain.push(index);
        continue;
      }
      if (!this.#history.wasInvoked(index) || !judged.counts(record)) continue;
      if (!record.isCut) certain.push(index);
      else if (record.operation.kind === "batch") {
        if (batches.has(record)) certain.push(index);
      } else if (record.operation.kind !== "get" && record.operation.kind !== "scan") {
        open.push(index);
      }
    }
    if (certain.length === 1 && open.length === 0 && judged.withEnd)
      return key.after === key.before;
    for (let choice = 0; choice < 1 << open.length; choice++) {
      const taken = open.filter((_, i) => (choice & (1 << i)) !== 0);
      const operations = taken.length === 0 ? certain : [...certain, ...taken].toSorted(ascending);
      if (this.#search.run(operations, this.#history, key)) return true;
    }
    return false;
  }

  #refute(key: KeyHistory): Failure {
    const before = this.#before.get(key.key);
    const lines = key.operations
      .map((index) => this.#history.records[index])
      .filter((record) => record !== undefined && this.#history.wasInvoked(record.index))
      .map((record) => (record === undefined ? "" : this.#line(record)));
    const after = key.after === ABSENT ? "absent" : `value ${key.after}`;
    const message = [
      `not durably linearizable: nothing explains key ${key.key}`,
      `  before: ${before === undefined ? "absent" : `value ${before}`}`,
      ...lines,
      `  at the end: ${after}`,
    ];
    return { kind: "not-durable", message: message.join("\n"), task: null };
  }

  #line(record: OperationRecord): string {
    const when = record.epoch === 0 ? "" : `after crash ${record.epoch}: `;
    return `  ${when}${taskToken(record.task)}: ${describeOutcome(record)}`;
  }
}

function isRead({ operation }: OperationRecord): boolean {
  return operation.kind === "get" || operation.kind === "scan";
}

function ascending(a: number, b: number): number {
  return a - b;
}

function failure(what: string): Failure {
  return { kind: "wrong-result", message: `wrong result: ${what}`, task: null };
}
