import type { Disk, Task } from "../../task/index.ts";
import {
  isOurs,
  isPartitionName,
  NEW_PARTITIONS_FILE,
  PARTITIONS_FILE,
  tableDirectory,
  tableIdOf,
} from "../../wal/index.ts";

/**
 * Removes the files of a table that no catalog names, and its directory. A file that is not ours
 * stays, and the directory with it. Does nothing if there is no such directory. O(files).
 *
 * @throws LatchworkError DISK_ERROR.
 */
export function* removeTableFiles(disk: Disk, id: number): Task<void> {
  const name = tableDirectory(id);
  if (!(yield* disk.listDirectories()).includes(name)) return;
  if (yield* removeOurs(yield* disk.directory(name, "open"))) yield* disk.removeDirectory(name);
}

/** Removes all files of a table, those of its partitions too; whether nothing else is left. */
function* removeOurs(disk: Disk): Task<boolean> {
  let isEmpty = true;
  for (const name of [...(yield* disk.listDirectories())].toSorted()) {
    const isGone =
      isPartitionName(name) && (yield* removeOurs(yield* disk.directory(name, "open")));
    if (isGone) yield* disk.removeDirectory(name);
    else isEmpty = false;
  }
  for (const name of [...(yield* disk.list())].toSorted()) {
    if (isOurs(name) || OF_PARTITIONS.has(name)) yield* disk.remove(name);
    else isEmpty = false;
  }
  return isEmpty;
}

const OF_PARTITIONS: ReadonlySet<string> = new Set([PARTITIONS_FILE, NEW_PARTITIONS_FILE]);

/** The numbers of all tables that have a directory, named by a catalog or not, ascending. */
export function* tableIdsOn(disk: Disk): Task<number[]> {
  const names = yield* disk.listDirectories();
  const ids = names.map(tableIdOf).filter((id) => id !== null);
  return ids.toSorted((one, other) => one - other);
}
