import { LatchworkError } from "../task/index.ts";
import { checkTableName } from "../engine/tables/index.ts";
import {
  checkTableOptions,
  type LatchworkTables,
  LevelError,
  openTables,
  type TableOptions,
  type TablesOptions,
} from "../level/index.ts";
import { LevelTable } from "./level-table.ts";
import type { ServedTables } from "./served-tables.ts";

const BYTES = { keyEncoding: "view", valueEncoding: "view" } as const;

/** Tables of one database that were opened to be served. */
export interface OpenTables {
  readonly tables: ServedTables;
  /** Once no server asks for them any more. */
  close(): Promise<void>;
}

/**
 * Opens the tables of a directory, to be served.
 *
 * @param names Those that are wanted: they are made if need be, as `made` says. None: all.
 * @param options How the database is opened.
 * @throws LatchworkError BAD_ARGUMENT if there is none to serve; otherwise as `openTables`, with
 *   the engine's own codes.
 */
export async function openServed(
  directory: string,
  names: readonly string[],
  made: TableOptions,
  options: Pick<TablesOptions, "poolBytes" | "lockLeaseMs"> = {},
): Promise<OpenTables> {
  try {
    return await open(directory, names, made, options);
  } catch (error) {
    throw error instanceof LevelError ? (error.cause ?? error) : error;
  }
}

async function open(
  directory: string,
  names: readonly string[],
  made: TableOptions,
  options: TablesOptions,
): Promise<OpenTables> {
  // Before anything is made: a refusal leaves no directory behind.
  for (const name of names) checkTableName(name);
  checkTableOptions(made);
  const createIfMissing = names.length > 0;
  const database = await openTables(directory, { ...options, createIfMissing });
  try {
    const served = await namesIn(database, directory, names, made);
    const tables = new Map<string, LevelTable>();
    for (const name of served) {
      const level = database.table<Uint8Array, Uint8Array>(name, BYTES);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await level.open();
      tables.set(name, new LevelTable(level));
    }
    return { tables, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function namesIn(
  database: LatchworkTables,
  directory: string,
  names: readonly string[],
  made: TableOptions,
): Promise<readonly string[]> {
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- each changes the catalog
    if (!database.has(name)) await database.create(name, made);
  }
  const served = names.length === 0 ? database.names() : [...new Set(names)];
  if (served.length > 0) return served;
  const message = `${directory} has no table; name some to be made, as --tables orders,users`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}
