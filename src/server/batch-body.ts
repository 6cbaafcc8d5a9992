import { Problem, Refused } from "./problem.ts";
import type { TableWrite } from "./served-tables.ts";

/** How a batch is written: one JSON array, or one JSON object a line. */
export type BatchFormat = "json" | "ndjson";

/** The format that a header `Content-Type` names, or null. Parameters behind it do not count. */
export function batchFormatOf(contentType: string | undefined): BatchFormat | null {
  const [type = ""] = (contentType ?? "").split(";");
  switch (type.trim().toLowerCase()) {
    case "application/json":
      return "json";
    case "application/x-ndjson":
    case "application/ndjson":
      return "ndjson";
    default:
      return null;
  }
}

/**
 * Reads the writes of a batch.
 *
 * @throws Refused with status 400 that says which write is wrong and what would be right, or 413.
 */
export function readBatch(body: Uint8Array, format: BatchFormat, writesMax: number): TableWrite[] {
  const text = textOf(body);
  const items = format === "json" ? arrayOf(text) : linesOf(text);
  if (items.length > writesMax) {
    const message = `a batch may have at most ${writesMax} writes, not ${items.length}`;
    throw new Refused(new Problem(413, "BATCH_TOO_LONG", message));
  }
  return items.map((item, index) => writeOf(item, format === "json" ? index : index + 1, format));
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function textOf(body: Uint8Array): string {
  try {
    return UTF8.decode(body);
  } catch {
    throw bad("the body is not UTF-8");
  }
}

function arrayOf(text: string): readonly unknown[] {
  const value = parsed(text, "the body");
  if (Array.isArray(value)) return value;
  throw bad("the body must be an array of writes");
}

function linesOf(text: string): readonly unknown[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, index) => parsed(line, `line ${index + 1}`));
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad(`${what} is not JSON`);
  }
}

/** A field, and the field that has the same bytes in base 64. */
const KEY = ["key", "key64"] as const;
const VALUE = ["value", "value64"] as const;
const [PUT_NAMES, DEL_NAMES] = [new Set(["op", ...KEY, ...VALUE]), new Set(["op", ...KEY])];

function writeOf(item: unknown, number: number, format: BatchFormat): TableWrite {
  const where = format === "json" ? `write ${number}` : `line ${number}`;
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw bad(`${where} must be an object with op and key`);
  }
  const fields = item as Readonly<Record<string, unknown>>;
  const { op } = fields;
  if (op !== "put" && op !== "del") throw bad(`${where}: op must be "put" or "del"`);
  const names = op === "put" ? PUT_NAMES : DEL_NAMES;
  const odd = Object.keys(fields).find((name) => !names.has(name));
  if (odd !== undefined) throw bad(`${where}: a ${op} has ${[...names].join(", ")}, not "${odd}"`);
  const key = bytesOf(fields, KEY, where);
  return op === "put" ? { type: op, key, value: bytesOf(fields, VALUE, where) } : { type: op, key };
}

/** Half of a character of two units: it has no bytes, and would become those of another one. */
const HALF_CHARACTER = /[\ud800-\udfff]/u;

/** The bytes of a field that comes as text or in base 64, but not as both. */
function bytesOf(
  fields: Readonly<Record<string, unknown>>,
  [plain, coded]: readonly [string, string],
  where: string,
): Uint8Array {
  const [text, base64] = [fields[plain], fields[coded]];
  if ((text === undefined) === (base64 === undefined)) {
    throw bad(`${where} must have either ${plain} or ${coded}`);
  }
  if (typeof text === "string" && !HALF_CHARACTER.test(text)) return Buffer.from(text);
  if (text !== undefined) throw bad(`${where}: ${plain} must be a string of whole characters`);
  if (typeof base64 === "string") {
    const bytes = Buffer.from(base64, "base64");
    // What is not base 64 is passed over by Node: only what comes back the same was right.
    if (bytes.toString("base64") === base64) return bytes;
  }
  throw bad(`${where}: ${coded} must be a string in base 64, padded with =`);
}

function bad(message: string): Refused {
  return new Refused(new Problem(400, "BAD_BATCH", message));
}
