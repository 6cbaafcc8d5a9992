/**
 * Tables: several databases in one directory, each a tree, or partitions of one, with a log of its
 * own in a sub-directory, and a catalog that says which there are.
 *
 * The catalog is the small file `tables`; docs/tables.md has its bytes. It is replaced as a whole,
 * atomically, like a control file. Tables share nothing else on the disk. Whoever opens the tables
 * themselves, with their protocols and policies, is above: this room keeps their names, numbers and
 * directories, and a text of settings for each that it does not read.
 *
 * Invariants:
 * 1. A table exists once, and as long as, the catalog on the disk names it.
 * 2. Its files are made, and durable with the name of their directory, before the catalog names it;
 *    they are removed only once the catalog on the disk does not name it any more.
 * 3. So a table in the catalog has all of its files. A directory that it does not name was left by
 *    a creation or a drop that was cut off; the next open removes it, but no file that is not ours.
 * 4. A number is that of one table for ever, of whatever name.
 * 5. Tables are made and dropped one at a time; reading and writing those there are goes on.
 * 6. If it is unknown which catalog is on the disk, because its replacement failed halfway, no
 *    table is made or dropped until the directory is opened anew.
 *
 * Left out: renaming a table, changing its settings, transactions over tables.
 */
export { type Catalog, CATALOG_FORMAT, type TableEntry, TABLES_MAX } from "./catalog.ts";
export { readCatalog } from "./catalog-file.ts";
export { openTableSet, type TableSetOptions } from "./open-table-set.ts";
export { checkTableName, TABLE_NAME_MAX } from "./table-name.ts";
export {
  type MakeTable,
  namesInWords,
  noSuchTable,
  TableSet,
  type TableSetParts,
} from "./table-set.ts";
