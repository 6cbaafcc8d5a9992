import { LinearizationSearch, type SequentialModel } from "../linearizability/index.ts";
import { type Failure, taskToken } from "../sim/index.ts";
import type { PageSource } from "../storage/index.ts";
import { LatchworkError } from "../task/index.ts";
import type { History, OperationRecord } from "./history.ts";
import { excessOf, KeyHistories } from "./key-histories.ts";
import {
  ABSENT,
  type Contents,
  covers,
  ILLEGAL,
  type KeyHistory,
  seenByScan,
  step,
} from "./key-history.ts";
import { describeOutcome } from "./outcomes.ts";
import { readContents } from "./read-contents.ts";
import type { NumberRange } from "./scenario.ts";

/**
 * Judges the history of a run: is there an order of the operations that explains every result, with
 * the tree's contents at the end as one more operation that comes last?
 *
 * Key by key, since every operation but a scan touches one key, and a scan promises each key at
 * some moment of its own (linearizability is local, Herlihy and Wing 1990). Where a protocol
 * promises scans of one moment, histories with scans are judged as a whole as well.
 */
export class Oracle {
  readonly #history: History;
  readonly #search = new LinearizationSearch();
  readonly #keys: KeyHistories;
  readonly #whole: WholeHistory | null;
  /** Why the scenario's histories cannot be judged, or null; known before the first run. */
  readonly #excess: string | null;

  constructor(history: History, before: Contents, scansAreAtomic: boolean) {
    this.#history = history;
    this.#keys = new KeyHistories(history, before);
    const hasScan = history.records.some(({ operation }) => operation.kind === "scan");
    this.#whole = scansAreAtomic && hasScan ? new WholeHistory(history, before) : null;
    const whole = excessOf(this.#whole?.operations ?? [], "a tree whose scans are atomic");
    this.#excess = this.#keys.excess() ?? whole;
  }

  /**
   * Refuses a scenario whose histories are longer than a search can hold.
   *
   * @throws LatchworkError BAD_SCENARIO.
   */
  assertJudgeable(): void {
    if (this.#excess !== null) throw new LatchworkError("BAD_SCENARIO", this.#excess);
  }

  /**
   * Judges the run that just ended.
   *
   * @param memory The tree at rest, checked.
   * @returns null if all is explained.
   * @throws LatchworkError BAD_SCENARIO if the history is too long to be judged.
   */
  judge(memory: PageSource): Failure | null {
    this.assertJudgeable();
    this.#history.ended();
    const wrong = this.#keys.noteEnd(memory);
    if (wrong !== null) return wrong;
    for (const key of this.#keys.all) {
      if (key.isUntouched) {
        if (key.after !== key.before) return this.#refute(key);
      } else if (!this.#search.run(key.operations, this.#history, key)) return this.#refute(key);
    }
    return this.#whole === null ? null : this.#judgeWhole(this.#whole, readContents(memory));
  }

  #judgeWhole(whole: WholeHistory, after: Contents): Failure | null {
    whole.after = after;
    if (this.#search.run(whole.operations, this.#history, whole)) return null;
    const message = "not linearizable: each key by itself is, but no moment explains a whole scan";
    const lines = this.#history.records.map((record) => `  ${lineOf(record)}`);
    return { kind: "not-linearizable", message: [message, ...lines].join("\n"), task: null };
  }

  #refute(key: KeyHistory): Failure {
    const message = [
      `not linearizable: no order of its operations explains key ${key.key}`,
      ...this.#keys.account(key, lineOf),
    ];
    return { kind: "not-linearizable", message: message.join("\n"), task: null };
  }
}

function lineOf(record: OperationRecord): string {
  return `${taskToken(record.task)}: ${describeOutcome(record)}`;
}

/** The whole tree as one object, for scans of one moment. */
class WholeHistory implements SequentialModel {
  readonly operations: readonly number[];
  after: Contents = new Map();
  readonly #history: History;
  readonly #state: Map<number, number>;
  readonly #undo: (readonly [key: number, value: number])[] = [];

  constructor(history: History, before: Contents) {
    this.#history = history;
    this.#state = new Map(before);
    this.operations = Array.from({ length: history.records.length + 1 }, (_, i) => i);
  }

  apply(index: number): boolean {
    const record = this.#history.records[index];
    if (record === undefined) return this.#agrees(this.after);
    const { operation } = record;
    if (operation.kind === "scan") return this.#explains(record, operation.range);
    if (!("key" in operation)) return true;
    const state = this.#state.get(operation.key) ?? ABSENT;
    const next = step(state, record, operation.key);
    if (next === ILLEGAL) return false;
    this.#undo.push([operation.key, state]);
    this.#set(operation.key, next);
    return true;
  }

  undo(index: number): void {
    const record = this.#history.records[index];
    if (record === undefined || !("key" in record.operation)) return;
    const [key, value] = this.#undo.pop() ?? [0, ABSENT];
    this.#set(key, value);
  }

  stateKey(): string {
    const entries = [...this.#state].toSorted((a, b) => a[0] - b[0]);
    return entries.map(([key, value]) => `${key}=${value}`).join();
  }

  #set(key: number, value: number): void {
    if (value === ABSENT) this.#state.delete(key);
    else this.#state.set(key, value);
  }

  #agrees(contents: Contents): boolean {
    if (contents.size !== this.#state.size) return false;
    return [...contents].every(([key, value]) => this.#state.get(key) === value);
  }

  #explains(record: OperationRecord, range: NumberRange): boolean {
    for (const key of record.keys) if (!this.#state.has(key)) return false;
    for (const [key, value] of this.#state) {
      if (covers(range, key) && !seenByScan(record, key, value)) return false;
    }
    return true;
  }
}
