import {
  type History,
  type HistoryFormat,
  type Model,
  MODEL_NAMES,
  modelNamed,
  type Operation,
  perKey,
} from "../linearizability/index.ts";
import type { CheckRequest } from "./check-report.ts";

/** What each model reads, for the help. */
const READS: Readonly<Record<string, string>> = {
  register: "read, write",
  "cas-register": "read, write, cas [from, to]",
  "knossos-cas-register": "the same from 0; a read of nil agrees with any value",
  kv: "get, put, insert, delete, cas, append, scan, scan-back; by key",
  "kv-append": 'the same; an absent key holds "", as in porcupine-kv files',
  set: "add, remove, contains, read",
  counter: "add, subtract, read",
  queue: "enqueue, dequeue; first in, first out",
  stack: "push, pop",
  mutex: "acquire, release",
  semaphore: "acquire, release of some permits",
  "multi-register": "txn of [read or write, name, value] at one moment",
};

/** All models, a line each. */
export function modelsHelp(): string {
  const width = Math.max(...MODEL_NAMES.map(({ length }) => length));
  return MODEL_NAMES.map((name) => `  ${name.padEnd(width)}  ${READS[name] ?? ""}\n`).join("");
}

/** Models in which a key is a part of the object. */
const KNOW_KEYS = ["kv", "kv-append"];

/** Whether each key of a history is an object of its own, as the model knows nothing of keys. */
export function isPerKey(name: string, { operations }: History): boolean {
  return !KNOW_KEYS.includes(name) && operations.some(({ key }) => key !== null);
}

/** The model that was asked for, as a history needs it. */
export function modelFor(
  { model, initial, halfOpen }: Pick<CheckRequest, "model" | "initial" | "halfOpen">,
  history: History,
): Model {
  const highEnd = halfOpen ? "exclusive" : "inclusive";
  const one = modelNamed(model, { initial, highEnd });
  return isPerKey(model, history) ? perKey(one) : one;
}

/** Reads of several keys or elements at once, for which there are two rules. */
function isLook({ f, key }: Operation, model: string): boolean {
  return f.startsWith("scan") || (model === "set" && f === "read" && key === null);
}

/** The rules by which a history was judged that are not the usual ones and make a difference. */
export function rulesOf(
  { operations, crashes }: History,
  { model, initial, halfOpen, scan, crash, partition }: CheckRequest,
): string[] {
  const isCut = crashes.length > 0;
  const isOpen = operations.some(({ outcome }) => outcome === "info" || outcome === "pending");
  const scans = operations.some(({ f }) => f.startsWith("scan"));
  return [
    ...(crash !== "durable" && (isCut || isOpen) ? [`crash ${crash}`] : []),
    ...(scan !== "atomic" && operations.some((each) => isLook(each, model))
      ? [`scans ${scan === "per-key" ? "per key" : scan}`]
      : []),
    ...(halfOpen && scans ? ["scans half-open"] : []),
    ...(initial === undefined ? [] : [`initial ${JSON.stringify(initial)}`]),
    ...(partition ? [] : ["all keys at once"]),
  ];
}

/** What the user may have meant otherwise, where a history was found not to be linearizable. */
export function notesOn(
  history: History,
  format: HistoryFormat | null,
  { model, independent, halfOpen }: CheckRequest,
): string[] {
  const { operations } = history;
  const notes: string[] = [];
  if (format === "porcupine-kv" && model === "kv") {
    notes.push('in such files an absent key reads as "": that is --model kv-append');
  }
  if (!halfOpen && KNOW_KEYS.includes(model) && seemHalfOpen(history)) {
    notes.push("no scan answers the high end of its range: if it should not, give --half-open");
  }
  if (format !== "edn") return notes;
  const readsNil = operations.some(({ f, outcome, output }) => {
    return f === "read" && outcome === "ok" && output === null;
  });
  if (readsNil && ["register", "cas-register"].includes(model)) {
    notes.push(
      "Knossos writes nil for what it does not know: that is --model knossos-cas-register",
    );
  }
  const reads = operations.filter(({ f }) => f === "read" || f === "get");
  if (!independent && reads.length > 0 && reads.every(({ input }) => isPair(input))) {
    notes.push("each value seems to be a pair of key and value: that is --independent");
  }
  return notes;
}

/** With fewer scans, none may have met the high end of its range. */
const SCANS_MIN = 10;

/** Whether scans that answer something never answer their high end. */
function seemHalfOpen({ operations }: History): boolean {
  let scans = 0;
  for (const { f, outcome, input, output } of operations) {
    if (!f.startsWith("scan") || outcome !== "ok" || !isPair(input)) continue;
    if (!Array.isArray(output) || output.length === 0) continue;
    if (output.some((entry) => isPair(entry) && entry[0] === input[1])) return false;
    scans++;
  }
  return scans >= SCANS_MIN;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
