import { inWords, LatchworkError, optionNames, refuseUnknownOptions } from "../../task/index.ts";
import { policyNamed } from "../../wal/index.ts";
import type { EngineSettings } from "../level-engine.ts";
import type { LatchworkOptions } from "../options.ts";
import { settingsOf } from "../settings.ts";

/** Options of a table that the catalog stores, for every later open. */
export type StoredTableOptions = Pick<
  LatchworkOptions,
  | "protocol"
  | "commitPolicy"
  | "readDurability"
  | "writeBatching"
  | "atOnce"
  | "pathCache"
  | "segmentBytes"
  | "checkpointBytes"
>;

/** How a table is made. What is left out follows the defaults of whoever opens it. */
export interface TableOptions extends StoredTableOptions {
  /** Bytes a page, a power of two from 512 to 32768. For the table's life. Default 4096. */
  readonly pageSize?: number | undefined;
  /** Hash partitions, from 1 to 256. Changed only by `latchwork repartition`. Default 1. */
  readonly partitions?: number | undefined;
}

/** How a database of tables is opened. */
export interface TablesOptions {
  /** Memory for the pages of all tables together, in bytes. Default 64 MiB. */
  readonly poolBytes?: number | undefined;
  /** As for a database without tables. Default: never. */
  readonly lockLeaseMs?: number | undefined;
  /** Whether a database without a table is made where there is none. Default true. */
  readonly createIfMissing?: boolean | undefined;
  /** Whether to refuse a database that there is. Default false. */
  readonly errorIfExists?: boolean | undefined;
}

const STORED_NAMES = optionNames<StoredTableOptions>({
  protocol: true,
  commitPolicy: true,
  readDurability: true,
  writeBatching: true,
  atOnce: true,
  pathCache: true,
  segmentBytes: true,
  checkpointBytes: true,
});

const TABLE_NAMES: readonly string[] = [
  ...STORED_NAMES,
  ...optionNames<Omit<TableOptions, keyof StoredTableOptions>>({
    pageSize: true,
    partitions: true,
  }),
];

const TABLES_NAMES = optionNames<TablesOptions>({
  poolBytes: true,
  lockLeaseMs: true,
  createIfMissing: true,
  errorIfExists: true,
});

/** @throws LatchworkError BAD_ARGUMENT or UNKNOWN_NAME for what no table can be made with. */
export function checkTableOptions(options: TableOptions): void {
  refuseUnknownOptions("a table", options, TABLE_NAMES);
  tableSettings(options);
}

/** @throws LatchworkError BAD_ARGUMENT for what no database of tables can be opened with. */
export function checkTablesOptions(options: TablesOptions): void {
  refuseUnknownOptions("openTables", options, TABLES_NAMES);
  for (const name of ["createIfMissing", "errorIfExists"] as const) {
    const given: unknown = options[name];
    if (given === undefined || typeof given === "boolean") continue;
    const message = `${name} must be true or false, not ${inWords(given)}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
}

/** What the engine of a table is opened with. */
export function tableSettings(options: LatchworkOptions): EngineSettings {
  const {
    createIfMissing: _create,
    errorIfExists: _exists,
    lockLeaseMs: _lease,
    ...settings
  } = settingsOf(options);
  policyNamed(settings.commitPolicy);
  return settings;
}

/** The text by which the catalog stores what a table was made with. */
export function storedText(options: LatchworkOptions): string {
  const given = STORED_NAMES.flatMap((name) => {
    const value = options[name as keyof StoredTableOptions];
    return value === undefined ? [] : [[name, value]];
  });
  return JSON.stringify(Object.fromEntries(given));
}

/**
 * Reads such a text.
 *
 * @param name The table's, for messages.
 * @throws LatchworkError NOT_A_DATABASE if a later version has written what this one cannot read.
 */
export function storedOptions(name: string, text: string): StoredTableOptions {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    stored = null;
  }
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) {
    throw refusal(name, `are ${inWords(stored)}, expected an object`);
  }
  const odd = Object.keys(stored).find((key) => !STORED_NAMES.includes(key));
  if (odd !== undefined) throw refusal(name, `have ${inWords(odd)}, which this version lacks`);
  try {
    tableSettings(stored);
  } catch (error) {
    if (error instanceof LatchworkError) throw refusal(name, `are refused: ${error.message}`);
    throw error;
  }
  return stored;
}

function refusal(name: string, what: string): LatchworkError {
  const message = `the settings of table "${name}" in the catalog ${what}`;
  return new LatchworkError("NOT_A_DATABASE", message);
}
