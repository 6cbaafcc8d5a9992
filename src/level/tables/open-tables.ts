import { LatchworkError } from "../../task/index.ts";
import { absolutePath, EventLoop, takeDirectory } from "../../drivers/index.ts";
import { TABLES_FILE } from "../../wal/index.ts";
import { contradiction, levelError } from "../level-error.ts";
import { settingsOf } from "../settings.ts";
import { isOurs } from "../task-call.ts";
import { openFileTables } from "./table-files.ts";
import { LatchworkTables } from "./latchwork-tables.ts";
import { checkTablesOptions, type TablesOptions } from "./table-options.ts";

/**
 * Opens a database of tables, with all of its tables; makes one without a table where there is
 * none.
 *
 * @throws LevelError as `open`: LEVEL_LOCKED if a process has it open, LEVEL_CORRUPTION if a file
 *   is damaged, NOT_A_DATABASE, DATABASE_EXISTS, LEVEL_IO_ERROR, NO_SPACE, BAD_ARGUMENT. A fault of
 *   one table names it; `open` with the option `table` opens the others one by one.
 */
export async function openTables(
  directory: string,
  options: TablesOptions = {},
): Promise<LatchworkTables> {
  try {
    checkTablesOptions(options);
    if (typeof directory !== "string" || directory === "") {
      const message = "the first argument, the location of a database, must be a non-empty string";
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    return await openIn(directory, options);
  } catch (error) {
    throw levelError(isOurs(error) ? error : contradiction(error));
  }
}

async function openIn(location: string, options: TablesOptions): Promise<LatchworkTables> {
  const { createIfMissing, errorIfExists, lockLeaseMs } = settingsOf(options);
  const { poolBytes } = options;
  const loop = new EventLoop();
  const taking = { create: createIfMissing, lockLeaseMs };
  const directory = await takeDirectory(absolutePath(location), loop, taking);
  let tables: LatchworkTables | null = null;
  try {
    const names = await loop.run(directory.disk.list()[Symbol.iterator]());
    if (names.includes(TABLES_FILE) && errorIfExists) {
      const message = `${location} exists already, and errorIfExists is set`;
      throw new LatchworkError("DATABASE_EXISTS", message);
    }
    const set = await loop.run(openFileTables(loop, directory.disk, createIfMissing));
    tables = new LatchworkTables({ location, loop, directory, set, poolBytes });
    await tables.openAll();
    return tables;
  } catch (error) {
    // The fault that comes first is the one to report.
    await (tables === null ? directory.release() : tables.close().catch(() => undefined));
    throw error;
  }
}
