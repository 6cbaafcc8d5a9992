import { crc32, type Checksum } from "../../storage/index.ts";
import { type Disk, type Host, LatchworkError, type Task } from "../../task/index.ts";
import {
  CONTROL_FILE,
  isOfLock,
  isOurs,
  NEW_TABLES_FILE,
  PARTITIONS_FILE,
  tableIdOf,
  TABLES_FILE,
} from "../../wal/index.ts";
import { type Catalog, encodeCatalog, NO_TABLES } from "./catalog.ts";
import { prepareCatalog, readCatalog, replaceCatalog } from "./catalog-file.ts";
import { tableIdsOn } from "./table-files.ts";
import { removeLeftover, TableSet, type TableSetParts } from "./table-set.ts";

/** How the tables of a directory are opened. */
export interface TableSetOptions {
  readonly disk: Disk;
  readonly host: Host;
  /** Whether a task that can enter a gate at once does so without a step. */
  readonly isEager: boolean;
  readonly checksum?: Checksum;
  /** Whether a database without tables is made where there is none. Default true. */
  readonly create?: boolean;
  /** Makes the set; a planted bug makes another. */
  readonly make?: (parts: TableSetParts) => TableSet;
}

/**
 * Opens the catalog of a directory, makes one if there is none, and removes what a creation or a
 * drop that was cut off has left. The tables themselves are not opened.
 *
 * @throws LatchworkError NOT_A_DATABASE if there is none and none is to be made, or if the
 *   directory has something else in it; DISK_ERROR; NO_SPACE.
 */
export function* openTableSet(options: TableSetOptions): Task<TableSet> {
  const { disk, host, isEager, checksum = crc32, create = true } = options;
  let catalog = yield* readCatalog(disk, checksum);
  yield* refuseOneTable(disk, catalog !== null);
  if (catalog === null) {
    yield* refuseForeign(disk, checksum);
    if (!create) throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
    catalog = NO_TABLES;
    yield* prepareCatalog(disk, catalog, checksum);
    yield* replaceCatalog(disk);
  }
  if ((yield* disk.list()).includes(NEW_TABLES_FILE)) yield* disk.remove(NEW_TABLES_FILE);
  const { nextId } = yield* removeLeftovers(disk, catalog);
  const parts = { disk, host, isEager, checksum, catalog: { ...catalog, nextId } };
  return options.make?.(parts) ?? new TableSet(parts);
}

/** Refuses the directory of a database that has no tables, but is one itself. */
function* refuseOneTable(disk: Disk, hasCatalog: boolean): Task<void> {
  const names = yield* disk.list();
  const file = [CONTROL_FILE, PARTITIONS_FILE].find((name) => names.includes(name));
  if (file === undefined) return;
  const message = hasCatalog
    ? `the directory has both ${TABLES_FILE} and ${file}: remove the one that is foreign`
    : "the directory is one database without tables: use open, and name no table";
  throw new LatchworkError("NOT_A_DATABASE", message);
}

/** Refuses to make a catalog among other files than those that a cut-off creation leaves. */
function* refuseForeign(disk: Disk, checksum: Checksum): Task<void> {
  const names = [...(yield* disk.list()), ...(yield* disk.listDirectories())].toSorted();
  for (const name of names) {
    if (isOfLock(name)) continue;
    if (name === NEW_TABLES_FILE && (yield* isLeftByCreation(disk, checksum))) continue;
    const why = isOurs(name) || tableIdOf(name) !== null ? `${TABLES_FILE} was removed, or ` : "";
    const what = `no file named ${TABLES_FILE}, but ${JSON.stringify(name)}`;
    const message = `the directory has ${what}: ${why}it is not a database`;
    throw new LatchworkError("NOT_A_DATABASE", `${message}; name an empty directory`);
  }
}

/** Whether the file is what a crash can leave of a first catalog: its bytes, or zeros. */
function* isLeftByCreation(disk: Disk, checksum: Checksum): Task<boolean> {
  const expected = encodeCatalog(NO_TABLES, checksum);
  const file = yield* disk.open(NEW_TABLES_FILE, "read");
  try {
    const bytes = new Uint8Array(expected.length + 1);
    const found = bytes.subarray(0, yield* file.read(0, bytes));
    return found.every((byte, at) => byte === 0 || byte === expected[at]);
  } finally {
    yield* file.close();
  }
}

/** Removes tables that the catalog does not name; no number of theirs is used again. */
function* removeLeftovers(disk: Disk, { nextId, tables }: Catalog): Task<{ nextId: number }> {
  const known = new Set(tables.map(({ id }) => id));
  let next = nextId;
  for (const id of yield* tableIdsOn(disk)) {
    if (known.has(id)) continue;
    yield* removeLeftover(disk, id);
    if (id >= next && id < ID_TRUSTED_MAX) next = id + 1;
  }
  return { nextId: next };
}

/** A directory with a higher number was not made by us; its number must not exhaust them all. */
const ID_TRUSTED_MAX = 0xffff_0000;
