import { crc32 } from "../../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../../task/index.ts";
import { readFile, tableIdOf, TABLES_FILE } from "../../wal/index.ts";
import { createDatabase } from "../create-database.ts";
import { isCutOffCreation, isPartOf, refuseForeign } from "../cut-off-creation.ts";
import type { EngineOptions } from "../engine-options.ts";
import { removePartition } from "./left-overs.ts";
import {
  encodePartitions,
  isPartitionName,
  NEW_PARTITIONS_FILE,
  type PartitionLayout,
  partitionName,
  PARTITIONS_MAX,
  writePartitions,
} from "./partitions-file.ts";

const FIRST_GENERATION = 1;

/**
 * Makes the files of a new, empty database in partitions. It exists once the file `partitions`
 * does, which comes last and at one stroke: a crash on the way leaves a directory in which this can
 * be done over. Requires: {@link clearCutOffCreation} was done.
 */
export function* createPartitions(
  options: EngineOptions,
  partitions: number,
): Task<PartitionLayout> {
  const layout = { partitions, generation: FIRST_GENERATION };
  yield* makePartitions(options, layout);
  yield* writePartitions(options.disk, layout, options.checksum);
  return layout;
}

/** Makes the directories of a layout, each with an empty database; all of it durable. */
export function* makePartitions(
  options: EngineOptions,
  { partitions, generation }: PartitionLayout,
): Task<void> {
  const { disk } = options;
  for (let index = 0; index < partitions; index++) {
    const directory = yield* disk.directory(partitionName(generation, index), "create");
    yield* createDatabase({ ...options, disk: directory });
  }
  yield* disk.syncDirectory();
}

/**
 * Removes what a creation in partitions has left that was cut off, so that another can begin, of
 * whatever kind. Requires: there is neither a file `partitions` nor a file `control`.
 *
 * @throws LatchworkError NOT_A_DATABASE if there is anything that such a creation does not leave,
 *   as a table whose catalog was removed, or if no database is to be made.
 */
export function* clearCutOffCreation(options: EngineOptions): Task<void> {
  const { disk, create = true } = options;
  const all = [...(yield* disk.listDirectories())].toSorted();
  refuseTables(all);
  const directories = all.filter(isPartitionName);
  const names = yield* disk.list();
  if (directories.length === 0 && !names.includes(NEW_PARTITIONS_FILE)) return;
  for (const name of directories) {
    if (yield* isCutOffCreation({ ...options, disk: yield* disk.directory(name, "open") }))
      continue;
    const what = `no file named partitions, but a directory ${name}`;
    const message = `the directory has ${what}: partitions was removed; name an empty directory`;
    throw new LatchworkError("NOT_A_DATABASE", message);
  }
  if (names.includes(NEW_PARTITIONS_FILE)) yield* refuseForeignLayout(disk, options);
  if (!create) throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
  if (names.includes(NEW_PARTITIONS_FILE)) yield* disk.remove(NEW_PARTITIONS_FILE);
  for (const name of directories) yield* removePartition(disk, name);
  yield* disk.syncDirectory();
  yield* refuseForeign(options);
}

/** A database beside tables would keep them from being opened once their catalog is back. */
function refuseTables(directories: readonly string[]): void {
  const table = directories.find((name) => tableIdOf(name) !== null);
  if (table === undefined) return;
  const what = `no file named ${TABLES_FILE}, but a directory ${table}`;
  const message = `the directory has ${what}: ${TABLES_FILE} was removed; name an empty directory`;
  throw new LatchworkError("NOT_A_DATABASE", message);
}

function* refuseForeignLayout(disk: Disk, { checksum = crc32 }: EngineOptions): Task<void> {
  const layouts: Uint8Array[] = [];
  for (let partitions = 1; partitions <= PARTITIONS_MAX; partitions++) {
    layouts.push(encodePartitions({ partitions, generation: FIRST_GENERATION }, checksum));
  }
  if (isPartOf(yield* readFile(disk, NEW_PARTITIONS_FILE), layouts)) return;
  const what = `no file named partitions, but one named ${NEW_PARTITIONS_FILE}`;
  const message = `the directory has ${what}: it is somebody else's; name an empty directory`;
  throw new LatchworkError("NOT_A_DATABASE", message);
}
