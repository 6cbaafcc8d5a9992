import { percentDecoded } from "./key-url.ts";
import { Problem, Refused } from "./problem.ts";
import type { RowRange } from "./served-tables.ts";

/** How bytes are written in a row: as text where they are text, or always in base 64. */
export type RowEncoding = "utf8" | "base64";

/** What a scan asks for. */
export interface ScanQuery {
  readonly range: RowRange;
  readonly encoding: RowEncoding;
}

type Names = "start" | "end" | "limit" | "reverse" | "encoding";
const NAMES: readonly Names[] = ["start", "end", "limit", "reverse", "encoding"];

/**
 * Reads the query of a scan, as `start=a&limit=10`.
 *
 * @throws Refused with status 400 for a name that there is not, that comes twice, or has no such
 *   value.
 */
export function readScanQuery(text: string): ScanQuery {
  const fields = fieldsOf(text);
  const [start, end] = [boundOf(fields, "start"), boundOf(fields, "end")];
  const limit = limitOf(fields.get("limit"));
  return {
    range: {
      ...(start === null ? {} : { start }),
      ...(end === null ? {} : { end }),
      ...(limit === null ? {} : { limit }),
      reverse: oneOf(fields, "reverse", ["false", "true"]) === "true",
    },
    encoding: oneOf(fields, "encoding", ["utf8", "base64"]),
  };
}

function fieldsOf(text: string): ReadonlyMap<Names, string> {
  const fields = new Map<Names, string>();
  if (text === "") return fields;
  for (const part of text.split("&")) {
    const [given = ""] = part.split("=", 1);
    const name = NAMES.find((one) => one === given);
    if (name === undefined) throw bad(`a scan has ${NAMES.join(", ")}, and nothing else`);
    if (fields.has(name)) throw bad(`${name} must be given once`);
    fields.set(name, part.slice(given.length + 1));
  }
  return fields;
}

function boundOf(fields: ReadonlyMap<Names, string>, name: "start" | "end"): Uint8Array | null {
  const text = fields.get(name);
  if (text === undefined) return null;
  const bytes = percentDecoded(text);
  if (bytes === null) throw bad(`${name} must be percent-encoded`);
  return bytes;
}

function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const limit = Number(text);
  if (/^\d{1,15}$/.test(text)) return limit;
  throw bad("limit must be a whole number");
}

/** One of some words; the first where none is given. */
function oneOf<Word extends string>(
  fields: ReadonlyMap<Names, string>,
  name: Names,
  words: readonly [Word, ...Word[]],
): Word {
  const text = fields.get(name);
  if (text === undefined) return words[0];
  const found = words.find((word) => word === text);
  if (found === undefined) throw bad(`${name} must be ${words.join(" or ")}`);
  return found;
}

function bad(message: string): Refused {
  return new Refused(new Problem(400, "BAD_QUERY", message));
}
