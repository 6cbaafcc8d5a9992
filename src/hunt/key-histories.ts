import { SEARCH_OPERATIONS_MAX } from "../linearizability/index.ts";
import type { Failure } from "../sim/index.ts";
import type { PageSource } from "../storage/index.ts";
import type { History, OperationRecord } from "./history.ts";
import { ABSENT, type Contents, KeyHistory, keysOf } from "./key-history.ts";
import { formatOperation } from "./operation-text.ts";
import { rowsProblem } from "./outcomes.ts";
import { visitContents } from "./read-contents.ts";

const NO_KEY = -1;

/**
 * The histories of all keys that a scenario names or its tree held before, and what every oracle
 * asks of a run before it searches for an order: rows that can be, and no key out of nowhere.
 */
export class KeyHistories {
  /** By ascending key. */
  readonly all: readonly KeyHistory[];
  readonly #before: Contents;
  readonly #history: History;
  readonly #keyed: ReadonlyMap<number, KeyHistory>;
  /** A key at the end of the run that nobody wrote, or NO_KEY. */
  #strange = NO_KEY;
  // Made once: a run is judged thousands of times a second.
  readonly #noteEntry = (key: number, value: number): void => {
    const known = this.#keyed.get(key);
    if (known === undefined) this.#strange = key;
    else known.after = value;
  };

  constructor(history: History, before: Contents) {
    this.#history = history;
    this.#before = before;
    const keys = new Set(before.keys());
    for (const { operation } of history.records) for (const key of keysOf(operation)) keys.add(key);
    this.all = [...keys]
      .toSorted((a, b) => a - b)
      .map((key) => new KeyHistory(history, key, before));
    this.#keyed = new Map(this.all.map((key) => [key.key, key]));
  }

  /** Why these histories are too long to be judged, or null. */
  excess(): string | null {
    for (const { key, operations } of this.all) {
      const excess = excessOf(operations, `key ${key}`);
      if (excess !== null) return excess;
    }
    return null;
  }

  /**
   * Notes what the tree holds at the end, as the last word on each key.
   *
   * @param memory The tree at rest, checked.
   * @returns what is wrong by itself, without any search; null if nothing is.
   */
  noteEnd(memory: PageSource): Failure | null {
    for (const record of this.#history.records) {
      const problem = this.#scanProblem(record);
      if (problem === null) continue;
      return wrongResult(`task ${record.task}: ${formatOperation(record.operation)} ${problem}`);
    }
    this.#strange = NO_KEY;
    for (const key of this.all) key.after = ABSENT;
    visitContents(memory, this.#noteEntry);
    if (this.#strange === NO_KEY) return null;
    return wrongResult(`the tree ends with key ${this.#strange}, which nobody wrote`);
  }

  /** What there is to say of a key that nothing explains, between its first and last value. */
  account(key: KeyHistory, line: (record: OperationRecord) => string): string[] {
    const before = this.#before.get(key.key) ?? ABSENT;
    const told = key.operations
      .map((index) => this.#history.records[index])
      .filter((record) => record !== undefined && this.#history.wasInvoked(record.index))
      .map((record) => (record === undefined ? "" : `  ${line(record)}`));
    return [`  before: ${valueText(before)}`, ...told, `  at the end: ${valueText(key.after)}`];
  }

  /** What is wrong with a scan's rows by themselves. Null if nothing is, or it was cut off. */
  #scanProblem(record: OperationRecord): string | null {
    if (record.operation.kind !== "scan" || record.isCut) return null;
    if (!this.#history.hasReturned(record.index)) return null;
    const { rowsCounted, keys } = record;
    const unknown = keys.find((key) => !this.#keyed.has(key));
    if (unknown !== undefined) return `gave key ${unknown}, which nobody wrote`;
    if (rowsCounted !== keys.length) return `gave ${keys.length} rows and counted ${rowsCounted}`;
    return rowsProblem(record);
  }
}

/** What one search cannot hold of these operations, or null; one of them is the last look. */
export function excessOf(operations: readonly number[], what: string): string | null {
  const [count, most] = [operations.length - 1, SEARCH_OPERATIONS_MAX - 1];
  if (count <= most) return null;
  return `scenario: ${count} operations touch ${what}; at most ${most} can be judged`;
}

function valueText(value: number): string {
  return value === ABSENT ? "absent" : `value ${value}`;
}

function wrongResult(what: string): Failure {
  return { kind: "wrong-result", message: `wrong result: ${what}`, task: null };
}
