import { LinearizationSearch } from "../linearizability/index.ts";
import { type Failure, taskToken } from "../sim/index.ts";
import type { PageSource } from "../storage/index.ts";
import { LatchworkError } from "../task/index.ts";
import type { History, OperationRecord } from "./history.ts";
import { KeyHistories } from "./key-histories.ts";
import type { Contents, KeyHistory } from "./key-history.ts";
import { formatOperation } from "./operation-text.ts";
import { describeOutcome } from "./outcomes.ts";
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
  readonly #durableReads: boolean;
  readonly #search = new LinearizationSearch();
  readonly #keys: KeyHistories;

  constructor(history: History, before: Contents, durability: Durability) {
    this.#history = history;
    this.#durableReads = durability.reads === "durable";
    this.#keys = new KeyHistories(history, before);
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
    const excess = this.#keys.excess();
    if (excess !== null) throw new LatchworkError("BAD_SCENARIO", excess);
  }

  /** Judges the run that just ended, with the tree at rest and checked. Null: all is explained. */
  judge(memory: PageSource): Failure | null {
    this.#history.ended();
    const wrong = this.#keys.noteEnd(memory);
    if (wrong !== null) return wrong;
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
    for (const key of this.#keys.all) if (!this.#isExplained(key, judged, batches)) return key;
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
      } else if (!isRead(record)) open.push(index);
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
    const message = [
      `not durably linearizable: nothing explains key ${key.key}`,
      ...this.#keys.account(key, lineOf),
    ];
    return { kind: "not-durable", message: message.join("\n"), task: null };
  }
}

function lineOf(record: OperationRecord): string {
  const when = record.epoch === 0 ? "" : `after crash ${record.epoch}: `;
  return `${when}${taskToken(record.task)}: ${describeOutcome(record)}`;
}

function isRead({ operation }: OperationRecord): boolean {
  return operation.kind === "get" || operation.kind === "scan";
}

function ascending(a: number, b: number): number {
  return a - b;
}
