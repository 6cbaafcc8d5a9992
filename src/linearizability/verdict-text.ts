import { printable } from "../task/index.ts";
import type { History, Operation } from "./history.ts";
import type { NotLinearizable, OrderFault, Verdict } from "./verdict.ts";

/** Verdicts in words. */
export const VERDICT_WORDS = {
  linearizable: "linearizable",
  "not-linearizable": "not linearizable",
  unknown: "unknown",
} as const;

/** Says in a few lines what a check found, about which operation, and where that one was read. */
export function verdictText(verdict: Verdict, history: History): string {
  return `${VERDICT_WORDS[verdict.kind]}: ${verdictLines(verdict, history).join("\n")}`;
}

/** The lines of {@link verdictText}, without the verdict itself before the first. */
export function verdictLines(verdict: Verdict, history: History): readonly string[] {
  const lines = foundLines(verdict, history);
  if (verdict.claim === undefined) return lines;
  return [
    ...lines,
    `the order that was claimed is no witness: ${claimText(verdict.claim, history)}`,
  ];
}

function foundLines(verdict: Verdict, history: History): string[] {
  switch (verdict.kind) {
    case "linearizable":
      return [`an order of ${grouped(verdict.witness.length)} operations explains every answer`];
    case "unknown": {
      const { reason, event, events } = verdict;
      const reached = `event ${grouped(event)} of ${grouped(events)}`;
      const far = `${keysText(verdict.keys)}explained up to ${reached}`;
      return [`${reason === "interrupted" ? reason : `out of ${reason}`}; ${far}`];
    }
    case "not-linearizable": {
      const last = history.operations[verdict.operation];
      const name = last === undefined ? "" : operationText(last);
      // The search looks ahead, so it may have given up before the answer that makes it impossible.
      const stuck = `no order gets past ${name} and explains what follows`;
      return [`${keysText(verdict.keys)}${stuck}`, ...openLines(verdict, history)];
    }
  }
}

/** A screen shows so many of the operations that were open, and a reader looks at no more. */
const OPEN_SHOWN_MAX = 12;

/** The operations that were open: first those with an answer, for they say more than the others. */
function openLines({ open, operation }: NotLinearizable, { operations }: History): string[] {
  const others = open
    .filter((id) => id !== operation)
    .map((id) => operations[id])
    .filter((each) => each !== undefined)
    .toSorted((a, b) => Number(b.outcome === "ok") - Number(a.outcome === "ok"));
  if (others.length === 0) return [];
  const rest = others.length - OPEN_SHOWN_MAX;
  const shown = rest > 1 ? others.slice(0, OPEN_SHOWN_MAX) : others;
  const more = rest > 1 ? [`  and ${grouped(rest)} more`] : [];
  return ["open at that moment:", ...shown.map((each) => `  ${operationText(each)}`), ...more];
}

function claimText({ operation, reason }: OrderFault, { operations }: History): string {
  const named = operations[operation];
  if (named === undefined) return `there is no operation ${operation}`;
  const name = operationText(named);
  switch (reason) {
    case "unknown":
      return `${name} is unknown`;
    case "twice":
      return `${name} is in it twice`;
    case "failed":
      return `${name} failed, and is in it`;
    case "too late":
      return `${name} was over before an operation ahead of it began`;
    case "not legal":
      return `${name} cannot give its answer there`;
    case "missing":
      return `${name} is missing from it`;
  }
}

const KEYS_SHOWN_MAX = 5;

/** The keys that a verdict is about, as the beginning of a line; nothing if there are none. */
export function keysText(keys: readonly string[]): string {
  if (keys.length === 0) return "";
  const shown = printable(keys.slice(0, KEYS_SHOWN_MAX).join(", "));
  return keys.length > KEYS_SHOWN_MAX ? `keys ${shown}, ...: ` : `key ${shown}: `;
}

/**
 * An operation in one line, as `get k1 -> 7 by process 2 (history:14)`; `actor` is the word for its
 * client.
 */
export function operationText(operation: Operation, actor: string = "process"): string {
  const { f, key, input, output, outcome, process, place } = operation;
  const argument = input === null ? "" : ` ${shortJson(input)}`;
  const answer = outcome === "ok" ? shortJson(output) : outcome;
  const who = `by ${actor} ${process} (${place.file}:${place.line})`;
  return printable(`${f}${key === null ? "" : ` ${key}`}${argument} -> ${answer} ${who}`);
}

const JSON_LENGTH_MAX = 60;

/** A value as JSON, cut off at a length. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length > JSON_LENGTH_MAX ? `${text.slice(0, JSON_LENGTH_MAX)}...` : text;
}

/** A whole number with commas between thousands. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
