import { join } from "node:path";
import { LatchworkError } from "../task/index.ts";
import { type LatchworkLevel, open } from "../level/index.ts";
import { LevelTable } from "./level-table.ts";
import type { ServedTables } from "./served-tables.ts";

/** Tables that were opened to be served, and how to close them. */
export interface OpenTables {
  readonly tables: ServedTables;
  close(): Promise<void>;
}

/** Opens a directory for each table, in one that has them all; makes those that there are not. */
export async function openDirectories(
  directory: string,
  names: readonly string[],
  options: { readonly commitPolicy?: string; readonly readDurability: "committed" | "durable" },
): Promise<OpenTables> {
  if (names.length === 0) {
    const message = `${directory} has no tables; name them, as --tables orders,users`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
  const levels = new Map<string, LatchworkLevel<Uint8Array, Uint8Array>>();
  const close = async (): Promise<void> => {
    for (const level of levels.values()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await level.close();
    }
  };
  try {
    for (const name of names) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      levels.set(name, await open(join(directory, name), options));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const tables = new Map([...levels].map(([name, level]) => [name, new LevelTable(level)]));
  return { tables, close };
}
