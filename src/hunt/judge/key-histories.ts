import { type Failure, taskToken, withoutNumbers } from "../../sim/index.ts";
import type { History, OperationRecord } from "./run-history.ts";
import {
  ABSENT,
  ANY,
  type Contents,
  ILLEGAL,
  KeyHistory,
  keysOf,
  makesOf,
  touches,
} from "./key-history.ts";
import { formatOperation } from "../scenario/index.ts";
import { rowsProblem } from "./outcomes.ts";
import type { Entries } from "./read-contents.ts";

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
  /** Of each operation, the keys that it touches. */
  readonly #touched: readonly (readonly KeyHistory[])[];
  /** A key at the end of the run that nobody wrote, or NO_KEY. */
  #strange = NO_KEY;
  constructor(history: History, before: Contents) {
    this.#history = history;
    this.#before = before;
    const keys = new Set(before.keys());
    for (const { operation } of history.records) for (const key of keysOf(operation)) keys.add(key);
    this.all = [...keys]
      .toSorted((a, b) => a - b)
      .map((key) => new KeyHistory(history, key, before));
    this.#touched = history.records.map(({ operation }) =>
      this.all.filter(({ key }) => touches(operation, key)),
    );
    this.#keyed = new Map(this.all.map((key) => [key.key, key]));
  }

  /**
   * Follows the order in which operations returned on all keys, each from what it held at first;
   * afterwards each key's `state` says how that went. A scan may go long before it returns, since
   * it looks at some keys early. Linear in the operations and the keys that they touch, but for
   * those scans; no allocation.
   *
   * @param counts Which operations to follow.
   * @returns whether all keys were followed in one order, which then explains scans of one moment.
   */
  followReturns(counts: (record: OperationRecord) => boolean): boolean {
    for (const key of this.all) key.state = key.before;
    let isOneOrder = true;
    const { returns, records } = this.#history;
    for (const index of returns) {
      const record = records[index];
      if (record === undefined || !counts(record)) continue;
      for (const key of this.#touched[index] ?? []) {
        if (key.state === ILLEGAL) continue;
        const next = key.next(key.state, record);
        if (next !== ILLEGAL) key.state = next;
        else if (this.#sawEarlier(key, record, counts)) isOneOrder = false;
        else key.state = ILLEGAL;
      }
    }
    return isOneOrder;
  }

  /** Whether an operation that only looks could have done so since it began: follows `key` anew. */
  #sawEarlier(
    key: KeyHistory,
    look: OperationRecord,
    counts: (record: OperationRecord) => boolean,
  ): boolean {
    if (makesOf(look, key.key) !== ANY) return false;
    const { returns, records, invokedAt, returnedAt } = this.#history;
    const begun = invokedAt[look.index] ?? 0;
    let state = key.before;
    for (const index of returns) {
      const record = records[index];
      if (index === look.index || record === undefined) return false;
      if (!counts(record) || !touches(record.operation, key.key)) continue;
      const isOpen = (returnedAt[index] ?? 0) > begun;
      if (isOpen && key.next(state, look) !== ILLEGAL) return true;
      const makes = makesOf(record, key.key);
      if (makes !== ANY) state = makes;
    }
    return false;
  }

  /**
   * Notes what the trees hold at the end, as the last word on each key.
   *
   * @param trees What each tree holds at rest; no two of them have a key in common.
   * @returns what is wrong by itself, without any search; null if nothing is.
   */
  noteEnd(trees: readonly Entries[]): Failure | null {
    for (const record of this.#history.records) {
      const problem = this.#scanProblem(record);
      if (problem === null) continue;
      const who = taskToken(record.task);
      const what = `${who}: ${formatOperation(record.operation)} ${problem}`;
      return wrongResult(what, `a scan ${withoutNumbers(problem)}`);
    }
    this.#strange = NO_KEY;
    for (const key of this.all) key.after = ABSENT;
    for (const entries of trees) this.#noteEntries(entries);
    if (this.#strange === NO_KEY) return null;
    const rule = "a key that nobody wrote";
    return wrongResult(`the tree ends with key ${this.#strange}, which nobody wrote`, rule);
  }

  #noteEntries(entries: Entries): void {
    for (let at = 0; at < entries.length; at += 2) {
      const key = entries[at] ?? NO_KEY;
      const known = this.#keyed.get(key);
      if (known === undefined) this.#strange = key;
      else known.after = entries[at + 1] ?? ABSENT;
    }
  }

  /** What there is to say of a key that nothing explains, between its first and last value. */
  account(key: KeyHistory, line: (record: OperationRecord) => string): AccountLine[] {
    const before = this.#before.get(key.key) ?? ABSENT;
    const lines = key.operations.flatMap((index): AccountLine[] => {
      const record = this.#history.records[index];
      if (record === undefined || !this.#history.wasInvoked(index)) return [];
      return [{ text: `  ${line(record)}`, about: index }];
    });
    if (lines.length === 0) lines.push(plainLine("  no operation of this run names it"));
    const first = plainLine(`  before: ${valueText(before)}`);
    return [first, ...lines, plainLine(`  at the end: ${valueText(key.after)}`)];
  }

  /** What a key is at the end of the run: `key 10 is absent`. */
  ending({ key, after }: KeyHistory): string {
    return after === ABSENT ? `key ${key} is absent` : `key ${key} has value ${after}`;
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

/** A line of an account, and the number of the operation that it is about. */
export interface AccountLine {
  readonly text: string;
  readonly about: number | null;
}

/** A line about no operation. */
export function plainLine(text: string): AccountLine {
  return { text, about: null };
}

/** The failure of a run that nothing explains, from its title and its account. */
export function unexplained(
  kind: "not-linearizable" | "not-durable",
  title: string,
  account: readonly AccountLine[],
): Failure {
  const message = [title, ...account.map(({ text }) => text)].join("\n");
  const about = account.map((line) => line.about);
  return { kind, message, about, task: null };
}

function valueText(value: number): string {
  return value === ABSENT ? "absent" : `value ${value}`;
}

function wrongResult(what: string, rule: string): Failure {
  const message = `wrong result: ${what}`;
  return { kind: "wrong-result", message, rule, isNamed: true, task: null };
}
