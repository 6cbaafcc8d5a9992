import type { Disk, Task } from "../../task/index.ts";
import { isOurs, tableDirectory, tableIdOf } from "../../wal/index.ts";

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

/** Removes all files of a database; whether nothing else is left. */
function* removeOurs(disk: Disk): Task<boolean> {
  let isEmpty = (yield* disk.listDirectories()).length === 0;
  for (const name of [...(yield* disk.list())].toSorted()) {
    if (isOurs(name)) yield* disk.remove(name);
    else isEmpty = false;
  }
  return isEmpty;
}

/** The numbers of all tables that have a directory, named by a catalog or not, ascending. */
export function* tableIdsOn(disk: Disk): Task<number[]> {
  const names = yield* disk.listDirectories();
  const ids = names.map(tableIdOf).filter((id) => id !== null);
  return ids.toSorted((one, other) => one - other);
}
