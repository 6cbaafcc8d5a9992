import type { SequentialModel } from "../linearizability/index.ts";
import type { History, OperationRecord } from "./history.ts";
import type { NumberRange, ScenarioOperation } from "./scenario.ts";

/** What a key holds when it is not there. Values are never negative. */
export const ABSENT = -1;
/** A model's "that cannot be". */
export const ILLEGAL = -2;

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

/** All operations that touch one key, as a model of that key alone. */
export class KeyHistory implements SequentialModel {
  readonly key: number;
  readonly operations: readonly number[];
  /** What the key holds at the start of the run. */
  readonly before: number;
  /** What the key holds at the end of the run. */
  after: number = ABSENT;
  readonly #history: History;
  readonly #undo: number[] = [];
  #state: number;

  constructor(history: History, key: number, before: Contents) {
    this.key = key;
    this.#history = history;
    this.before = before.get(key) ?? ABSENT;
    this.#state = this.before;
    const touching = history.records.filter(({ operation }) => touches(operation, key));
    this.operations = [...touching.map((record) => record.index), history.records.length];
  }

  /** Whether no operation touches the key, so that it can only stay what it was. */
  get isUntouched(): boolean {
    return this.operations.length === 1;
  }

  apply(index: number): boolean {
    const record = this.#history.records[index];
    const state = this.#state;
    const next = record === undefined ? stepEnd(state, this.after) : step(state, record, this.key);
    if (next === ILLEGAL) return false;
    this.#undo.push(state);
    this.#state = next;
    return true;
  }

  undo(): void {
    this.#state = this.#undo.pop() ?? ABSENT;
  }

  stateKey(): number {
    return this.#state;
  }
}

function stepEnd(state: number, after: number): number {
  return state === after ? state : ILLEGAL;
}

/**
 * What a key holds after an operation, or ILLEGAL if its result says otherwise. An operation that
 * was cut off has no result, so anything may have been the case.
 */
export function step(state: number, record: OperationRecord, key: number): number {
  const isThere = state !== ABSENT;
  if (record.isCut) return stepCut(state, record, key);
  switch (record.operation.kind) {
    case "get":
      if (record.outcome !== isThere) return ILLEGAL;
      return !isThere || record.valueRead === state ? state : ILLEGAL;
    case "put":
      return record.outcome === isThere ? ILLEGAL : record.value;
    case "insert":
      if (record.outcome === isThere) return ILLEGAL;
      return isThere ? state : record.value;
    case "delete":
      return record.outcome === isThere ? ABSENT : ILLEGAL;
    case "scan":
      return seenByScan(record, key, state) ? state : ILLEGAL;
    case "batch":
      return stepCut(state, record, key);
    case "checkpoint":
    case "clean":
      return state;
  }
}

function stepCut(state: number, record: OperationRecord, key: number): number {
  const { operation } = record;
  switch (operation.kind) {
    case "put":
      return record.value;
    case "insert":
      return state === ABSENT ? record.value : state;
    case "delete":
      return ABSENT;
    case "batch": {
      const last = operation.writes.findLast((write) => write.key === key);
      if (last === undefined) return state;
      return last.kind === "delete" ? ABSENT : (last.value ?? record.value);
    }
    case "get":
    case "scan":
    case "checkpoint":
    case "clean":
      return state;
  }
}

/** Whether a scan saw of a key what the key held. A scan cut off by its limit saw no further. */
export function seenByScan(record: OperationRecord, key: number, state: number): boolean {
  const at = record.keys.indexOf(key);
  if (at >= 0) return record.values[at] === state;
  return state === ABSENT || isBeyondLimit(record, key);
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
