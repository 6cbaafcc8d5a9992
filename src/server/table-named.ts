import { percentDecoded } from "./key-url.ts";
import { Problem } from "./problem.ts";
import type { ServedTable, ServedTables } from "./served-tables.ts";

/** The table that a segment of a path names, or null. */
export function tableNamed(tables: ServedTables, segment: string): ServedTable | null {
  const found = tables.get(segment);
  if (found !== undefined) return found;
  const name = percentDecoded(segment);
  return name === null ? null : (tables.get(Buffer.from(name).toString()) ?? null);
}

export function noTable(tables: ServedTables): Problem {
  const message = `there is no such table; there are ${[...tables.keys()].join(", ")}`;
  return new Problem(404, "NO_SUCH_TABLE", message);
}
