import {
  LinearizationSearch,
  SEARCH_OPERATIONS_MAX,
  type SequentialModel,
} from "../linearizability/index.ts";
import { type Failure, taskToken } from "../sim/index.ts";
import type { PageSource } from "../storage/index.ts";
import { LatchworkError } from "../task/index.ts";
import type { History, OperationRecord } from "./history.ts";
import {
  ABSENT,
  type Contents,
  covers,
  ILLEGAL,
  KeyHistory,
  keysOf,
  seenByScan,
  step,
} from "./key-history.ts";
import { describeOutcome, rowsProblem } from "./outcomes.ts";
import { readContents, visitContents } from "./read-contents.ts";
import type { NumberRange } from "./scenario.ts";
import { formatOperation } from "./operation-text.ts";

const NO_KEY = -1;

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
  readonly #before: Contents;
  readonly #search = new LinearizationSearch();
  readonly #keys: readonly KeyHistory[];
  readonly #whole: WholeHistory | null;
  readonly #keyed: ReadonlyMap<number, KeyHistory>;
  /** Why the scenario's histories cannot be judged, or null; known before the first run. */
  readonly #excess: string | null;
  /** A key at the end of the run that nobody wrote, or NO_KEY. */
  #strange = NO_KEY;
  readonly #noteEntry = (key: number, value: number): void => {
    const known = this.#keyed.get(key);
    if (known === undefined) this.#strange = key;
    else known.after = value;
  };

  constructor(history: History, before: Contents, scansAreAtomic: boolean) {
    this.#history = history;
    this.#before = before;
    const keys = new Set(before.keys());
    for (const { operation } of history.records) {
      for (const key of keysOf(operation)) keys.add(key);
    }
    this.#keys = [...keys]
      .toSorted((a, b) => a - b)
      .map((key) => new KeyHistory(history, key, before));
    this.#keyed = new Map(this.#keys.map((key) => [key.key, key]));
    const hasScan = history.records.some(({ operation }) => operation.kind === "scan");
    this.#whole = scansAreAtomic && hasScan ? new WholeHistory(history, before) : null;
    const excesses = this.#keys.map(({ key, operations }) => excessOf(operations, `key ${key}`));
    const whole = this.#whole?.operations ?? [];
    excesses.push(excessOf(whole, "a tree whose scans are atomic"));
    this.#excess = excesses.find((excess) => excess !== null) ?? null;
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
    for (const record of this.#history.records) {
      const problem = record.operation.kind === "scan" ? this.#scanProblem(record) : null;
      if (problem !== null) return wrongResult(record, problem);
    }
    this.#strange = NO_KEY;
    for (const key of this.#keys) key.after = ABSENT;
    visitContents(memory, this.#noteEntry);
    if (this.#strange !== NO_KEY) return strangeKey(this.#strange);
    for (const key of this.#keys) {
      if (key.isUntouched) {
        if (key.after !== key.before) return this.#refute(key);
      } else if (!this.#search.run(key.operations, this.#history, key)) return this.#refute(key);
    }
    return this.#whole === null ? null : this.#judgeWhole(this.#whole, readContents(memory));
  }

  /** What is wrong with a scan's rows by themselves. Null if nothing is. */
  #scanProblem(record: OperationRecord): string | null {
    const unknown = record.keys.find((key) => !this.#keyed.has(key));
    if (unknown !== undefined) return `gave key ${unknown}, which nobody wrote`;
    const { rowsCounted, keys } = record;
    if (rowsCounted !== keys.length) return `gave ${keys.length} rows and counted ${rowsCounted}`;
    return rowsProblem(record);
  }

  #judgeWhole(whole: WholeHistory, after: Contents): Failure | null {
    whole.after = after;
    if (this.#search.run(whole.operations, this.#history, whole)) return null;
    const message = "not linearizable: each key by itself is, but no moment explains a whole scan";
    const lines = this.#history.records.map((record) => this.#line(record));
    return { kind: "not-linearizable", message: [message, ...lines].join("\n"), task: null };
  }

  #refute(key: KeyHistory): Failure {
    const before = this.#before.get(key.key);
    const lines = key.operations
      .filter((index) => index < this.#history.records.length)
      .map((index) => this.#history.records[index])
      .filter((record) => record !== undefined)
      .map((record) => this.#line(record));
    const message = [
      `not linearizable: no order of its operations explains key ${key.key}`,
      `  before: ${before === undefined ? "absent" : `value ${before}`}`,
      ...lines,
      `  at the end: ${key.after === ABSENT ? "absent" : `value ${key.after}`}`,
    ];
    return { kind: "not-linearizable", message: message.join("\n"), task: null };
  }

  #line(record: OperationRecord): string {
    return `  ${taskToken(record.task)}: ${describeOutcome(record)}`;
  }
}

/** What one search cannot hold of these operations, or null; one of them is the last look. */
function excessOf(operations: readonly number[], what: string): string | null {
  const [count, most] = [operations.length - 1, SEARCH_OPERATIONS_MAX - 1];
  if (count <= most) return null;
  return `scenario: ${count} operations touch ${what}; at most ${most} can be judged`;
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

function wrongResult(record: OperationRecord, problem: string): Failure {
  const what = `task ${record.task}: ${formatOperation(record.operation)}`;
  const message = `wrong result: ${what} ${problem}`;
  return { kind: "wrong-result", message, task: null };
}

function strangeKey(key: number): Failure {
  const message = `wrong result: the tree ends with key ${key}, which nobody wrote`;
  return { kind: "wrong-result", message, task: null };
}
