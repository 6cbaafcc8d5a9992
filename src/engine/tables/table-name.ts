import { inWords, LatchworkError, printable } from "../../task/index.ts";

/** The longest name of a table, in characters. */
export const TABLE_NAME_MAX = 64;
const ALLOWED = /^[A-Za-z0-9_-]$/;

/**
 * Makes sure that something can be the name of a table: 1 to 64 letters of English, digits, `_` and
 * `-`, and no `-` at the beginning. Such a name stands in a URL, on a command line, in a report and
 * as the label of a figure as it is, with nothing to escape; and it cannot be taken for an option.
 * Capitals count. No file is named after it, so what file systems make of names does not matter.
 *
 * @throws LatchworkError BAD_ARGUMENT in one line.
 */
export function checkTableName(name: unknown): asserts name is string {
  const fault = faultOf(name);
  if (fault === null) return;
  throw new LatchworkError("BAD_ARGUMENT", `the name of a table ${fault}`);
}

function faultOf(name: unknown): string | null {
  const rule = `expected 1 to ${TABLE_NAME_MAX} letters, digits, "_" and "-"`;
  if (typeof name !== "string") return `must be a string, not ${inWords(name)}`;
  if (name === "") return `must not be empty; ${rule}`;
  if (name.length > TABLE_NAME_MAX) return `has ${name.length} characters; ${rule}`;
  const odd = Array.from(name).find((char) => !ALLOWED.test(char));
  if (odd !== undefined) return `must not have ${printable(JSON.stringify(odd))} in it; ${rule}`;
  if (name.startsWith("-")) return `must not begin with "-", as an option does; it is "${name}"`;
  return null;
}
