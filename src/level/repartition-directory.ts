import { nodeChecksum, ownDirectory } from "../drivers/index.ts";
import {
  holdsDatabase,
  repartition,
  type RepartitionProgress,
  type RepartitionReport,
} from "../engine/index.ts";
import {
  LatchworkError,
  mustBeFunction,
  optionNames,
  refuseUnknownOptions,
} from "../task/index.ts";
import { lookInto, run } from "./directory-tools.ts";
import { contradiction } from "./level-error.ts";

export interface RepartitionDirectoryOptions {
  /** How many partitions there are to be; 1 for none. */
  readonly partitions: number;
  readonly onProgress?: (progress: RepartitionProgress) => void;
}

const NAMES = optionNames<RepartitionDirectoryOptions>({ partitions: true, onProgress: true });

/**
 * Divides the database of a directory into another number of partitions, while no process has it
 * open. Whatever interrupts it, the directory holds the old database or the new one. See
 * {@link repartition}.
 *
 * @throws LatchworkError BAD_ARGUMENT, NOT_A_DATABASE, DATABASE_IN_USE, NO_SPACE, DISK_ERROR, and
 *   what opening a damaged database throws.
 */
export async function repartitionDirectory(
  path: string,
  options: RepartitionDirectoryOptions,
): Promise<RepartitionReport> {
  refuseUnknownOptions("repartitionDirectory", options, NAMES);
  const { partitions, onProgress } = options;
  if (onProgress !== undefined) mustBeFunction("onProgress", onProgress, "a function");
  return lookInto(path, async (directory, loop) => {
    // Not even a lock file is made where there is no database.
    if (!holdsDatabase(directory.names())) throw nothingIn(path);
    const { freeBytes } = directory;
    const { disk, release } = await ownDirectory(directory, loop);
    try {
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
      await release();
    }
  });
}

function nothingIn(path: string): LatchworkError {
  return new LatchworkError("NOT_A_DATABASE", `${path}: the directory holds no database`);
}
