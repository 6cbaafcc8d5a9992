import { type Disk, LatchworkError, type Task, taskId } from "../../task/index.ts";
import { type EventLoop, nodeChecksum } from "../../drivers/index.ts";
import type { TableEngine } from "../file-engine.ts";
import {
  checkTableName,
  namesInWords,
  noSuchTable,
  readCatalog,
} from "../../engine/tables/index.ts";
import type { LatchworkOptions } from "../options.ts";
import { createTable, openFileTables, openTable } from "./table-files.ts";

/** How a table of a directory is opened by itself. */
export interface OneTable {
  readonly createIfMissing: boolean;
  readonly errorIfExists: boolean;
  /** Takes precedence over what the catalog stores. */
  readonly options: LatchworkOptions;
}

const ONLY_TASK = taskId(0);

/**
 * Opens the engine of one table of a directory that is ours, and of no other; makes the table if it
 * may, and the catalog.
 *
 * @throws LatchworkError NO_SUCH_TABLE, TABLE_EXISTS, NOT_A_DATABASE, and as `openEngine`.
 */
export function* openOneTable(
  loop: EventLoop,
  disk: Disk,
  name: string,
  { createIfMissing, errorIfExists, options }: OneTable,
): Task<TableEngine> {
  checkTableName(name);
  const set = yield* openFileTables(loop, disk, createIfMissing);
  const entry = set.find(name);
  if (entry === null) {
    if (!createIfMissing) throw noSuchTable(name, set.entries());
    return (yield* createTable(loop, set, ONLY_TASK, name, options)).engine;
  }
  if (errorIfExists) {
    const message = `there is a table "${name}" already, and errorIfExists is set`;
    throw new LatchworkError("TABLE_EXISTS", message);
  }
  return yield* openTable(loop, set, entry, options);
}

/** Says that a directory has tables, to somebody who has opened it without naming one. */
export function* refusalOfTables(disk: Disk, location: string): Task<LatchworkError> {
  const tables = (yield* readCatalog(disk, nodeChecksum))?.tables ?? [];
  const has = tables.length === 0 ? "is for tables and has none" : `has ${namesInWords(tables)}`;
  const example = `open(dir, { table: "${tables[0]?.name ?? "orders"}" })`;
  const message = `${location} ${has}: name one, as in ${example}, or use openTables`;
  return new LatchworkError("NOT_A_DATABASE", message);
}
