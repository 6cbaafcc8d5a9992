import type { History as Run, OperationRecord } from "../../src/hunt/judge/run-history.ts";
import type { Contents } from "../../src/hunt/judge/key-history.ts";
import type { NumberRange } from "../../src/hunt/index.ts";
import { type EventType, type History, HistoryBuilder } from "../../src/linearizability/index.ts";

/** What of a run a history shows. */
export interface View {
  /** `apart`: each write of a batch is an operation of its own. `whole`: a batch is one. */
  readonly batches: "apart" | "whole";
  /** Which operations are in it. Default all. */
  readonly counts?: (record: OperationRecord) => boolean;
  /** The moment of the run at which it ends. Default: it does not. */
  readonly until?: number;
}

/** What the tree held before a run, and after it; null if nobody could look. */
export interface Ends {
  readonly before: Contents;
  readonly after: Contents | null;
}

type Value = number | null;

/**
 * A run of the hunt as a history of {@link treeMap}.
 *
 * An operation begins with its first step: what it does before is nobody else's business, since
 * whatever another task could notice is a step. Before all others, somebody puts what the tree held
 * at the start; after all others, somebody scans what it held at the end.
 */
export function historyOfRun(run: Run, ends: Ends, view: View): History {
  const teller = new Teller();
  const { until = Number.POSITIVE_INFINITY } = view;
  for (const [key, value] of ends.before) {
    teller.invoke("before", "put", keyText(key), value);
    teller.answer("before", true);
  }
  const moments: [at: number, tell: () => void][] = run.crashedAt.map((at) => [
    at,
    () => teller.crash(),
  ]);
  for (const record of run.records) {
    if (!run.wasInvoked(record.index) || view.counts?.(record) === false) continue;
    moments.push([run.invokedAt[record.index] ?? 0, () => invoke(teller, record, view)]);
    if (record.isCut || !run.hasReturned(record.index)) continue;
    moments.push([run.returnedAt[record.index] ?? 0, () => answer(teller, record, view)]);
  }
  for (const [at, tell] of moments.toSorted((a, b) => a[0] - b[0])) if (at < until) tell();
  if (ends.after !== null && until === Number.POSITIVE_INFINITY) {
    const rows = [...ends.after].map(([key, value]) => [keyText(key), value]);
    teller.invoke("after", "scan", null, [null, null]);
    teller.answer("after", rows);
  }
  return teller.history();
}

const KEY_DIGITS = 3;

/** A key below 1,000 as the model has it: the order of the texts is that of the numbers. */
function keyText(key: number): string {
  return String(key).padStart(KEY_DIGITS, "0");
}

function invoke(teller: Teller, record: OperationRecord, view: View): void {
  const { operation } = record;
  const who = processOf(record);
  switch (operation.kind) {
    case "get":
    case "delete":
      return teller.invoke(who, operation.kind, keyText(operation.key), null);
    case "put":
    case "insert":
      return teller.invoke(who, operation.kind, keyText(operation.key), record.value);
    case "scan":
      return teller.invoke(who, operation.reverse ? "scan-back" : "scan", null, rangeSeen(record));
    case "batch": {
      const writes = writesOf(record);
      if (view.batches === "whole") return teller.invoke(who, "batch", null, writes);
      for (const [key, value] of writes) {
        teller.invoke(`${who}/${key}`, value === null ? "delete" : "put", key, value);
      }
      return undefined;
    }
    case "checkpoint":
    case "clean":
      return undefined;
  }
}

function answer(teller: Teller, record: OperationRecord, view: View): void {
  const { operation, outcome } = record;
  const who = processOf(record);
  switch (operation.kind) {
    case "get":
      return teller.answer(who, outcome ? record.valueRead : null);
    case "put":
    case "insert":
    case "delete":
      return teller.answer(who, outcome);
    case "scan":
      return teller.answer(who, rowsOf(record));
    case "batch":
      if (view.batches === "whole") return teller.answer(who, null);
      // What each of its writes found, a batch does not say.
      for (const [key] of writesOf(record)) teller.answer(`${who}/${key}`, null);
      return undefined;
    case "checkpoint":
    case "clean":
      return undefined;
  }
}

function processOf({ task }: OperationRecord): string {
  return `t${task}`;
}

function rowsOf({ keys, values }: OperationRecord): [string, Value][] {
  return keys.map((key, i) => [keyText(key), values[i] ?? null]);
}

function writesOf({ operation, value }: OperationRecord): [string, Value][] {
  if (operation.kind !== "batch") return [];
  return operation.writes.map((write) => [
    keyText(write.key),
    write.kind === "delete" ? null : (write.value ?? value),
  ]);
}

/**
 * The range of which a scan says what was in it, both ends inclusive. One that gave as many rows as
 * it was allowed says nothing of what lies behind the last.
 */
function rangeSeen({ operation, keys }: OperationRecord): [string | null, string | null] {
  if (operation.kind !== "scan") return [null, null];
  const { range, reverse } = operation;
  let [low, high] = inclusive(range);
  const last = keys.at(-1);
  if (range.limit !== null && last !== undefined && keys.length >= range.limit) {
    if (reverse) low = last;
    else high = last;
  }
  return [low === null ? null : keyText(low), high === null ? null : keyText(high)];
}

function inclusive({ start, startInclusive, end, endInclusive }: NumberRange): [Value, Value] {
  const low = start === null || startInclusive ? start : start + 1;
  return [low, end === null || endInclusive ? end : end - 1];
}

/** Puts events together. An operation that ended without an answer is `info` once that matters. */
class Teller {
  readonly #builder = new HistoryBuilder();
  readonly #open = new Map<string, readonly [f: string, key: string | null]>();
  #lines = 0;

  invoke(process: string, f: string, key: string | null, value: unknown): void {
    if (this.#open.has(process)) this.#close("info", process, null);
    this.#open.set(process, [f, key]);
    this.#add("invoke", process, f, key, value);
  }

  answer(process: string, value: unknown): void {
    this.#close("ok", process, value);
  }

  crash(): void {
    this.#open.clear();
    this.#add("crash", "", "", null, null);
  }

  history(): History {
    return this.#builder.build();
  }

  #close(type: EventType, process: string, value: unknown): void {
    const [f, key] = this.#open.get(process) ?? ["", null];
    this.#open.delete(process);
    this.#add(type, process, f, key, value);
  }

  #add(type: EventType, process: string, f: string, key: string | null, value: unknown): void {
    const place = { file: "run", line: ++this.#lines };
    this.#builder.add({ type, process, f, key, value, time: null, place });
  }
}
