/**
 * Tables for users: several tables of one directory, open at once, over one event loop.
 *
 * `openTables` opens a database of tables; a table of it is an abstract-level database, and several
 * objects may work on the same one. `open` with the option `table` opens one table by itself.
 *
 * Invariants:
 * 1. A directory has one lock, whatever the number of its tables, and one event loop.
 * 2. A table is made and dropped as engine/tables says, while the others are in use.
 * 3. Once a table is dropped each operation on it is rejected, and its files are removed only once
 *    none is under way.
 * 4. A table's object never outlives the database: a close closes all of them first.
 *
 * Left out: batches over several tables; changing what a table was made with.
 */
export { LatchworkTable } from "./latchwork-table.ts";
export { type TableListing, tablesOfDirectory } from "./list-tables.ts";
export { LatchworkTables, type TablesStats, type TableStats } from "./latchwork-tables.ts";
export { type OneTable, openOneTable } from "./one-table.ts";
export { openTables } from "./open-tables.ts";
export {
  checkTableOptions,
  type StoredTableOptions,
  type TableOptions,
  type TablesOptions,
} from "./table-options.ts";
