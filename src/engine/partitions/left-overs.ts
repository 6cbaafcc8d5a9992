import { type Disk, LatchworkError, type Task } from "../../task/index.ts";
import { CONTROL_FILE, isOurs, isOfLock, NEW_CONTROL_FILE } from "../../wal/index.ts";
import {
  isPartitionName,
  NEW_PARTITIONS_FILE,
  type PartitionLayout,
  partitionName,
  PARTITIONS_FILE,
} from "./partitions-file.ts";

/**
 * Removes what a creation or a repartition that was cut off has left in a directory: where there is
 * a file `partitions`, it alone says what counts. Files and directories that are not ours stay.
 */
export function* removeLeftOvers(disk: Disk, layout: PartitionLayout | null): Task<void> {
  const kept = new Set<string>();
  for (let index = 0; index < (layout?.partitions ?? 0); index++) {
    kept.add(partitionName(layout?.generation ?? 0, index));
  }
  let isChanged = false;
  for (const name of [...(yield* disk.list())].toSorted(controlFirst)) {
    if (!isLeftOver(name, layout)) continue;
    yield* disk.remove(name);
    isChanged = true;
  }
  for (const name of [...(yield* disk.listDirectories())].toSorted()) {
    if (!isPartitionName(name) || kept.has(name)) continue;
    yield* removePartition(disk, name);
    isChanged = true;
  }
  if (isChanged) yield* disk.syncDirectory();
}

function controlFirst(one: string, other: string): number {
  return Number(isOfControl(other)) - Number(isOfControl(one)) || (one < other ? -1 : 1);
}

function isOfControl(name: string): boolean {
  return name === CONTROL_FILE || name === NEW_CONTROL_FILE;
}

function isLeftOver(name: string, layout: PartitionLayout | null): boolean {
  if (name === NEW_PARTITIONS_FILE) return true;
  if (layout === null || isOfLock(name)) return false;
  return isOurs(name);
}

/**
 * Removes the directory of a partition with the files in it.
 *
 * @throws LatchworkError NOT_A_DATABASE if something in it is not ours.
 */
export function* removePartition(disk: Disk, name: string): Task<void> {
  const directory = yield* disk.directory(name, "open");
  const names = [...(yield* directory.list())].toSorted(controlFirst);
  const foreign = names.find((file) => !isOurs(file));
  if (foreign !== undefined) {
    const what = `${name} is a left-over, but has a file ${JSON.stringify(foreign)}`;
    throw new LatchworkError("NOT_A_DATABASE", `${what}, which is not ours; move it away`);
  }
  for (const [at, file] of names.entries()) {
    // What is left without its control file is no database; so that has to be gone for good first.
    const isFirstOther = !isOfControl(file) && isOfControl(names[at - 1] ?? "");
    if (isFirstOther) yield* directory.syncDirectory();
    yield* directory.remove(file);
  }
  yield* disk.removeDirectory(name);
}

/** Whether a directory holds a database, divided or not. */
export function holdsDatabase(names: readonly string[]): boolean {
  return names.includes(CONTROL_FILE) || names.includes(PARTITIONS_FILE);
}
