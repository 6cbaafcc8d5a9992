import { type Disk, LatchworkError, type Task } from "../../task/index.ts";
import { readControl, tableDirectory } from "../../wal/index.ts";
import { FileDisk, nodeChecksum } from "../../drivers/index.ts";
import { partitionName, readPartitions } from "../../engine/index.ts";
import { readCatalog, type TableEntry } from "../../engine/tables/index.ts";
import { lookInto, run } from "../directory-tools.ts";
import { type StoredTableOptions, storedOptions } from "./table-options.ts";

/** A table as the files of a directory show it. */
export interface TableListing {
  readonly name: string;
  readonly id: number;
  /** Its directory, in that of the database. */
  readonly directory: string;
  /** What it was made with, as far as that was given. */
  readonly stored: StoredTableOptions;
  /** Null if its files do not say: they are damaged, or missing. */
  readonly partitions: number | null;
  readonly pageSize: number | null;
}

/**
 * Lists the tables of a directory, in the order in which they were made; null if it is not one for
 * tables. Reads, changes nothing, and may be done beside a process that has it open.
 *
 * @throws LatchworkError NOT_A_DATABASE if there is no directory, or the catalog is damaged;
 *   DISK_ERROR.
 */
export async function tablesOfDirectory(path: string): Promise<readonly TableListing[] | null> {
  return lookInto(path, (directory, loop) => {
    return run(loop, path, listed(new FileDisk(directory, loop)));
  });
}

function* listed(disk: Disk): Task<TableListing[] | null> {
  const catalog = yield* readCatalog(disk, nodeChecksum);
  if (catalog === null) return null;
  const listings: TableListing[] = [];
  for (const entry of catalog.tables) listings.push(yield* listing(disk, entry));
  return listings;
}

function* listing(disk: Disk, { id, name, settings }: TableEntry): Task<TableListing> {
  const directory = tableDirectory(id);
  const stored = storedOptions(name, settings);
  return { name, id, directory, stored, ...(yield* shapeOf(disk, directory)) };
}

function* shapeOf(disk: Disk, name: string): Task<Pick<TableListing, "partitions" | "pageSize">> {
  try {
    const table = yield* disk.directory(name, "open");
    const layout = yield* readPartitions(table, nodeChecksum);
    const partitions = layout?.partitions ?? 1;
    const tree =
      layout === null ? table : yield* table.directory(partitionName(layout.generation, 0), "open");
    const control = yield* readControl(tree, nodeChecksum);
    return { partitions, pageSize: control?.pageSize ?? null };
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    return { partitions: null, pageSize: null };
  }
}
