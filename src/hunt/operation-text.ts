import { bad, number } from "./bad-scenario.ts";
import type { NumberRange, ScenarioOperation, ScenarioWrite } from "./scenario.ts";

const OPERATION_HINT =
  "get 20, put 15, put 15=3, insert 15, delete 30, scan [10,40) limit 3, " +
  "batch put 15 and delete 30, checkpoint or clean";
const OPERATION = /^(get|put|insert|delete) (\d+)(?:=(\d+))?$/;
const SCAN = /^(scan|scan-back)(?: ?([[(])(\d*),(\d*)([\])]))?(?: limit (\d+))?$/;

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
    case "scan":
      return `${operation.reverse ? "scan-back" : "scan"}${formatRange(operation.range)}`;
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
  return text
    .split(/\s+then\s+/)
    .map((part) => readOperation(part.trim().replace(/\s+/g, " "), line));
}

function readOperation(text: string, line: number): ScenarioOperation {
  if (text === "checkpoint" || text === "clean") return { kind: text };
  if (text.startsWith("batch ")) return { kind: "batch", writes: readWrites(text.slice(6), line) };
  const scan = SCAN.exec(text);
  if (scan !== null) return scanOperation(scan, line);
  const match = OPERATION.exec(text);
  if (match === null) throw bad(line, `unknown operation ${JSON.stringify(text)}`, OPERATION_HINT);
  const [, kind, keyText = "", valueText] = match;
  const key = number(keyText, line);
  if (kind === "get" || kind === "delete") {
    if (valueText !== undefined) throw bad(line, `${kind} takes no value`, `${kind} ${key}`);
    return { kind, key };
  }
  const value = valueText === undefined ? null : number(valueText, line);
  return { kind: kind === "put" ? "put" : "insert", key, value };
}

function readWrites(text: string, line: number): ScenarioWrite[] {
  return text.split(" and ").map((part) => {
    const write = readOperation(part, line);
    if (write.kind === "put" || write.kind === "delete") return write;
    throw bad(line, `${JSON.stringify(part)} in a batch`, "puts and deletes, joined by `and`");
  });
}

function scanOperation(match: RegExpExecArray, line: number): ScenarioOperation {
  const [, word, open, start, end, close, limit] = match;
  const range: NumberRange = {
    start: start === undefined || start === "" ? null : number(start, line),
    startInclusive: open !== "(",
    end: end === undefined || end === "" ? null : number(end, line),
    endInclusive: close === "]",
    limit: limit === undefined ? null : number(limit, line),
  };
  return { kind: "scan", reverse: word === "scan-back", range };
}
