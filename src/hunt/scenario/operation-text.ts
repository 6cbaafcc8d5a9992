import type { LatchworkError } from "../../task/index.ts";
import { bad, number } from "./bad-scenario.ts";
import type { NumberRange, ScenarioOperation, ScenarioWrite } from "./scenario.ts";

const OPERATION_HINT =
  "get 20, put 15, put 15=3, insert 15, delete 30, scan [10,40) limit 3, " +
  "batch put 15 and delete 30, checkpoint or clean";
const OPERATION = /^(get|put|insert|delete)(?: ?([^\s=]*)) ?(?:= ?(\S*))?$/;
const KINDS = ["get", "put", "insert", "delete", "checkpoint", "clean"];
const SCAN_WORD = /^scan(-back)?\b/;
const SCAN_HINT =
  "scan, scan [10,40), scan-back (10,40] limit 3, scan at once or the like, of whole numbers";
const SCAN =
  /^(scan|scan-back)(?: ?([[(]) ?(\d*) ?, ?(\d*) ?([\])]))?(?: limit (\d+))?( at once)?$/;

/** Writes one operation: `put 15=3`, `scan (10,40] limit 3`. */
export function formatOperation(operation: ScenarioOperation): string {
  switch (operation.kind) {
    case "get":
    case "delete":
      return `${operation.kind} ${operation.key}`;
    case "put":
    case "insert": {
      const value = operation.value === null ? "" : `=${operation.value}`;
      return `${operation.kind} ${operation.key}${value}`;
    }
    case "scan": {
      const range = formatRange(operation.range);
      return `scan${operation.reverse ? "-back" : ""}${range}${operation.atOnce ? " at once" : ""}`;
    }
    case "batch":
      return `batch ${operation.writes.map(formatOperation).join(" and ")}`;
    case "checkpoint":
    case "clean":
      return operation.kind;
  }
}

/** Writes a task's operations: `get 20 then insert 15`. */
export function formatOperations(operations: readonly ScenarioOperation[]): string {
  return operations.map(formatOperation).join(" then ");
}

function formatRange(range: NumberRange): string {
  const limit = range.limit === null ? "" : ` limit ${range.limit}`;
  if (range.start === null && range.end === null) return limit;
  const open = range.startInclusive ? "[" : "(";
  const close = range.endInclusive ? "]" : ")";
  return ` ${open}${range.start ?? ""},${range.end ?? ""}${close}${limit}`;
}

/** Reads a task's operations, as {@link formatOperations} writes them. */
export function readOperations(text: string, line: number): readonly ScenarioOperation[] {
  return partsOf(text, "then").map((part) => readOperation(part, line));
}

/** What is between some word, each with one space between its words. */
function partsOf(text: string, word: string): string[] {
  const words = text.trim().split(/\s+/);
  const parts: string[][] = [[]];
  for (const one of words) {
    if (one === word) parts.push([]);
    else parts.at(-1)?.push(one);
  }
  return parts.map((part) => part.join(" "));
}

function readOperation(text: string, line: number): ScenarioOperation {
  if (text === "") throw bad(line, "an operation is missing", OPERATION_HINT);
  if (text === "checkpoint" || text === "clean") return { kind: text };
  const [word] = text.split(" ");
  if (word === "batch") return { kind: "batch", writes: readWrites(text.slice(6), line) };
  if (SCAN_WORD.test(text)) return readScan(text, line);
  const match = OPERATION.exec(text);
  if (match === null) throw unreadable(text, line);
  const [, kind, keyText = "", valueText] = match;
  if (keyText === "") throw bad(line, `${kind} names no key`, `${kind} 15 or the like`);
  const key = number(keyText, line, `the key of ${kind}`);
  if (kind === "get" || kind === "delete") {
    if (valueText !== undefined) throw bad(line, `${kind} takes no value`, `${kind} ${key}`);
    return { kind, key };
  }
  const value = valueText === undefined ? null : number(valueText, line, `the value of ${kind}`);
  return { kind: kind === "put" ? "put" : "insert", key, value };
}

/** Distinguishes an unknown operation from a known one with too much behind it. */
function unreadable(text: string, line: number): LatchworkError {
  const [word = ""] = text.split(" ");
  const shown = JSON.stringify(text);
  if (!KINDS.includes(word)) return bad(line, `unknown operation ${shown}`, OPERATION_HINT);
  const right = word === "checkpoint" || word === "clean" ? word : `${word} 15 or the like`;
  return bad(line, `${shown} has more than belongs to ${word}`, right);
}

function readWrites(text: string, line: number): ScenarioWrite[] {
  return partsOf(text, "and").map((part) => {
    const write = readOperation(part, line);
    if (write.kind === "put" || write.kind === "delete") return write;
    throw bad(line, `${JSON.stringify(part)} in a batch`, "puts and deletes, joined by `and`");
  });
}

function readScan(text: string, line: number): ScenarioOperation {
  const match = SCAN.exec(text);
  if (match === null) throw bad(line, `cannot read ${JSON.stringify(text)}`, SCAN_HINT);
  const [, word, open, start, end, close, limit, atOnce] = match;
  const range: NumberRange = {
    start: start === undefined || start === "" ? null : number(start, line),
    startInclusive: open !== "(",
    end: end === undefined || end === "" ? null : number(end, line),
    endInclusive: close === "]",
    limit: limit === undefined ? null : number(limit, line),
  };
  const scan = { kind: "scan", reverse: word === "scan-back", range } as const;
  return atOnce === undefined ? scan : { ...scan, atOnce: true };
}
