import type { History, OperationRecord } from "./run-history.ts";
import type { NumberRange, ScenarioOperation } from "../scenario/index.ts";

/** What a key holds when it is not there. Values are never negative. */
export const ABSENT = -1;
/** "That cannot be", for what a key holds. */
export const ILLEGAL = -2;
/** "Whatever it was", for what a key holds. */
export const ANY = -3;

/** What the tree held: before the run, or at its end. Keys that are missing are absent. */
export type Contents = ReadonlyMap<number, number>;

/** Whether an operation reads or writes a key. */
export function touches(operation: ScenarioOperation, key: number): boolean {
  switch (operation.kind) {
    case "scan":
      return covers(operation.range, key);
    case "batch":
      return operation.writes.some((write) => write.key === key);
    case "checkpoint":
    case "clean":
      return false;
    case "get":
    case "put":
    case "insert":
    case "delete":
      return operation.key === key;
  }
}

/** The keys that an operation names. */
export function keysOf(operation: ScenarioOperation): readonly number[] {
  if (operation.kind === "batch") return operation.writes.map((write) => write.key);
  return "key" in operation ? [operation.key] : [];
}

/** One key, all operations that touch it, and how far an order of them has been followed. */
export class KeyHistory {
  readonly key: number;
  /** By index. */
  readonly operations: readonly number[];
  /** What the key holds at the start of the run. */
  readonly before: number;
  /** What the key holds at the end of the run. */
  after: number = ABSENT;
  /** What it holds where an order was followed to, or ILLEGAL if it cannot be followed. */
  state: number = ABSENT;

  constructor(history: History, key: number, before: Contents) {
    this.key = key;
    this.before = before.get(key) ?? ABSENT;
    const touching = history.records.filter(({ operation }) => touches(operation, key));
    this.operations = touching.map((record) => record.index);
  }

  /** What the key holds after the next operation of an order; ILLEGAL if it cannot be the next. */
  next(state: number, record: OperationRecord): number {
    const needs = needsOf(record, this.key);
    if (needs !== ANY && needs !== state) return ILLEGAL;
    if (state === ABSENT && avoidsAbsence(record)) return ILLEGAL;
    const makes = makesOf(record, this.key);
    return makes === ANY ? state : makes;
  }
}

// What operations mean, for all judges, stated without a line of the engine: it is what the engine
// is held against. What an operation says of a key follows from its result:
//
// | operation | true                          | false                                |
// |-----------|-------------------------------|--------------------------------------|
// | put       | was absent, holds the value   | was there, holds the value           |
// | insert    | was absent, holds the value   | was there, and is what it was        |
// | delete    | was there, and is absent      | was absent, and is so                |
// | get       | was there, with what was read | was absent                           |
//
// One that was cut off has no result: if it took effect, it may have found anything.

/** What the key must hold for an operation to take effect as it did; ANY if it does not matter. */
export function needsOf(record: OperationRecord, key: number): number {
  const { operation, outcome, isCut } = record;
  switch (operation.kind) {
    case "get":
      return outcome ? record.valueRead : ABSENT;
    case "put":
      return outcome && !isCut ? ABSENT : ANY;
    case "insert":
      return outcome || isCut ? ABSENT : ANY;
    case "delete":
      return outcome || isCut ? ANY : ABSENT;
    case "scan":
      return seenByScan(record, key);
    case "batch":
    case "checkpoint":
    case "clean":
      return ANY;
  }
}

/** Whether an operation cannot have found its key absent, whatever else it found. */
export function avoidsAbsence({ operation, outcome, isCut }: OperationRecord): boolean {
  if (isCut) return false;
  return operation.kind === "delete"
    ? outcome
    : (operation.kind === "put" || operation.kind === "insert") && !outcome;
}

/** What the key holds after an operation; ANY if it holds what it held. */
export function makesOf(record: OperationRecord, key: number): number {
  const { operation, outcome, isCut } = record;
  switch (operation.kind) {
    case "put":
      return record.value;
    case "insert":
      return outcome || isCut ? record.value : ANY;
    case "delete":
      return outcome || isCut ? ABSENT : ANY;
    case "batch": {
      const last = operation.writes.findLast((write) => write.key === key);
      if (last === undefined) return ANY;
      return last.kind === "delete" ? ABSENT : (last.value ?? record.value);
    }
    case "get":
    case "scan":
    case "checkpoint":
    case "clean":
      return ANY;
  }
}

/** What a scan saw of a key; ANY if its limit cut it off before it came there. */
function seenByScan(record: OperationRecord, key: number): number {
  const at = record.keys.indexOf(key);
  if (at >= 0) return record.values[at] ?? ABSENT;
  return isBeyondLimit(record, key) ? ANY : ABSENT;
}

function isBeyondLimit(record: OperationRecord, key: number): boolean {
  const { operation } = record;
  if (operation.kind !== "scan" || operation.range.limit === null) return false;
  if (record.keys.length < operation.range.limit) return false;
  const last = record.keys.at(-1);
  if (last === undefined) return true;
  return operation.reverse ? key < last : key > last;
}

/** Whether a range has a key in it. */
export function covers(range: NumberRange, key: number): boolean {
  const { start, end } = range;
  if (start !== null && (range.startInclusive ? key < start : key <= start)) return false;
  return end === null || (range.endInclusive ? key <= end : key < end);
}
