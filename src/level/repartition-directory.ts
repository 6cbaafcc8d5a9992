import { FileDisk, nodeChecksum, ownDirectory, refusePart } from "../drivers/index.ts";
import {
  holdsDatabase,
  repartition,
  type RepartitionProgress,
  type RepartitionReport,
} from "../engine/index.ts";
import {
  type Disk,
  LatchworkError,
  mustBeFunction,
  optionNames,
  refuseUnknownOptions,
  type Task,
} from "../task/index.ts";
import { databaseIn, lookInto, run, type WhichTable } from "./directory-tools.ts";
import { contradiction } from "./level-error.ts";

export interface RepartitionDirectoryOptions extends WhichTable {
  /** How many partitions there are to be; 1 for none. */
  readonly partitions: number;
  readonly onProgress?: (progress: RepartitionProgress) => void;
}

const NAMES = optionNames<RepartitionDirectoryOptions>({
  partitions: true,
  onProgress: true,
  table: true,
});

/**
 * Divides the database of a directory, or one of its tables, into another number of partitions,
 * while no process has the directory open. Whatever interrupts it, the directory holds the old
 * database or the new one. See {@link repartition}.
 *
 * @throws LatchworkError BAD_ARGUMENT, NOT_A_DATABASE, NO_SUCH_TABLE, DATABASE_IN_USE, NO_SPACE,
 *   DISK_ERROR, and what opening a damaged database throws.
 */
export async function repartitionDirectory(
  path: string,
  options: RepartitionDirectoryOptions,
): Promise<RepartitionReport> {
  refuseUnknownOptions("repartitionDirectory", options, NAMES);
  refuseNoOptions(options);
  refusePart(path);
  const { partitions, onProgress } = options;
  if (onProgress !== undefined) mustBeFunction("onProgress", onProgress, "a function");
  return lookInto(path, async (directory, loop) => {
    // Not even a lock file is made where there is no database.
    await run(loop, path, refuseNone(new FileDisk(directory, loop), options));
    const { freeBytes } = directory;
    const owned = await ownDirectory(directory, loop);
    try {
      const disk = await run(loop, path, databaseIn(owned.disk, options));
      const task = repartition({
        disk,
        host: loop,
        partitions,
        checksum: nodeChecksum,
        ...(freeBytes === null ? {} : { freeBytes }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      return await run(loop, path, task);
    } catch (error) {
      throw error instanceof LatchworkError ? error : contradiction(error);
    } finally {
      await owned.release();
    }
  });
}

function* refuseNone(disk: Disk, which: WhichTable): Task<void> {
  const names = yield* (yield* databaseIn(disk, which)).list();
  if (holdsDatabase(names)) return;
  throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
}

/** For programs without types. */
function refuseNoOptions(options: RepartitionDirectoryOptions | undefined): void {
  if (options !== undefined) return;
  const message = "repartitionDirectory has to be told how many partitions there are to be";
  throw new LatchworkError("BAD_ARGUMENT", message);
}
