import { LatchworkError } from "../task/index.ts";

/**
 * A copy of a value as JSON has it, which nobody can change afterwards, the fields of its objects
 * in order of name. undefined becomes null.
 *
 * Refused is what JSON.stringify would quietly make something else of, for then values that differ
 * would be the same in the history: bytes, dates, maps, and integers over 2^53 - 1.
 *
 * @param whose Names the value in the error.
 * @throws LatchworkError BAD_HISTORY if it is no JSON value.
 */
export function jsonCopy(value: unknown, whose: string): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    const isKept = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (isKept) return value;
  } else if (Array.isArray(value)) {
    return value.map((item) => jsonCopy(item, whose));
  } else if (isPlainObject(value)) {
    const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(fields.map(([name, item]) => [name, jsonCopy(item, whose)]));
  }
  const kind = typeof value === "number" ? String(value) : kindOf(value);
  const right = "give JSON values, with bytes and large numbers as strings";
  throw new LatchworkError("BAD_HISTORY", `${whose}: ${kind} is no value of JSON; ${right}`);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function kindOf(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return `a value of type ${tag}`;
}
