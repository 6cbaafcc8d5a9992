import {
  type History,
  type HistoryFormat,
  isEchoing,
  type Model,
  MODEL_NAMES,
  modelNamed,
  type NullReads,
  type Operation,
  perKey,
  txnSteps,
} from "../../linearizability/index.ts";
import type { CheckRequest, NilRule } from "./report.ts";

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

const NIL_RULES = { absent: "value", unknown: "wildcard" } as const;

/** What reads of null mean to a model; undefined for its own rule. */
export function nullReadsOf(nil: NilRule | null): NullReads | undefined {
  return nil === null ? undefined : NIL_RULES[nil];
}

/** Models in which a key is a part of the object. */
export const KNOW_KEYS: readonly string[] = ["kv", "kv-append"];

/** Models that always start empty, or released. */
const START_FIXED = ["set", "queue", "stack", "mutex"];

/** Whether `--initial` says what a model starts with. */
export function canStartWith(model: string): boolean {
  return !START_FIXED.includes(model);
}

/** Whether each key of a history is an object of its own, as the model does not know keys. */
export function isPerKey(name: string, { operations }: History): boolean {
  return !KNOW_KEYS.includes(name) && operations.some(({ key }) => key !== null);
}

/** The model that was asked for, as a history needs it. */
export function modelFor(
  { model, initial, halfOpen, nil }: Pick<CheckRequest, "model" | "initial" | "halfOpen" | "nil">,
  history: History,
  format: HistoryFormat | null,
): Model {
  const highEnd = halfOpen ? "exclusive" : "inclusive";
  // Jepsen's histories repeat the argument where a client answers nothing of its own.
  const echoes = format === "edn" && isEchoing(history.operations);
  const one = modelNamed(model, { initial, highEnd, nullReads: nullReadsOf(nil), echoes });
  return isPerKey(model, history) ? perKey(one) : one;
}

/** Reads of several keys or elements at once, for which there are two rules. */
function isLook({ f, key }: Operation, model: string): boolean {
  return f.startsWith("scan") || (model === "set" && f === "read" && key === null);
}

/** Whether a read answers null, or a transaction with reads of null. */
export function answersNull(operation: Operation): boolean {
  const { f, outcome, output } = operation;
  if (outcome !== "ok") return false;
  if (f !== "txn") return (f === "read" || f === "get") && output === null;
  return txnSteps(operation)?.some((step) => step.f === "read" && step.value === null) ?? false;
}

/** The rules by which a history was judged, if they are not the defaults and make a difference. */
export function rulesOf(
  { operations, crashes }: History,
  { model, initial, halfOpen, nil, scan, crash, partition }: CheckRequest,
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
    ...(nil !== null && operations.some(answersNull) ? [`nil ${nil}`] : []),
    ...(initial === undefined ? [] : [`initial ${JSON.stringify(initial)}`]),
    ...(partition ? [] : ["all keys at once"]),
  ];
}
