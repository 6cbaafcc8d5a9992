import { mkdirSync, promises } from "node:fs";
import { dirname, resolve } from "node:path";
import { FileDisk } from "./file-disk.ts";
import { FileDirectory } from "./file-directory.ts";
import { type Disk, type Host, LatchworkError } from "../task/index.ts";
import { isLogSegment } from "../wal/index.ts";
import { LockFile } from "./lock-file.ts";
import { refuseLongLease } from "./lock-holder.ts";
import { refuseOddFiles, refusePart, withParts } from "./odd-files.ts";
import { unsharePages } from "./page-copy.ts";

/** A directory that this process has to itself. */
export interface OwnedDirectory {
  readonly disk: Disk;
  /** Throws a LatchworkError if the directory is this one's no longer. Some microseconds. */
  readonly confirm: () => void;
  /** Releases it. Once, after the last request to the disk. */
  readonly release: () => Promise<void>;
}

/** The log, whose every block is synced. Elsewhere O_DSYNC leaves bytes in the drive's cache. */
function isWrittenThrough(name: string): boolean {
  return process.platform === "linux" && isLogSegment(name);
}

/** The log, which knows its end. */
function isGivenRoom(name: string): boolean {
  return isWrittenThrough(name);
}

/** How a directory is taken. */
export interface TakeOptions {
  /** Whether to make it if it is not there. */
  readonly create: boolean;
  /** See {@link LockFile.take}. */
  readonly lockLeaseMs: number;
}

/** What a path means now, whatever the working directory becomes. */
export function absolutePath(path: string): string {
  return resolve(path);
}

/**
 * Takes a directory for a database. Its path is looked up once, now.
 *
 * @throws LatchworkError NOT_A_DATABASE if it is not there or has what is no file,
 *   DATABASE_IN_USE, DISK_ERROR, NO_SPACE; BAD_ARGUMENT for a lease that is too long.
 */
export async function takeDirectory(
  path: string,
  host: Host,
  { create, lockLeaseMs }: TakeOptions,
): Promise<OwnedDirectory> {
  refuseLongLease(lockLeaseMs);
  refusePart(path);
  const topmost = create ? make(path) : null;
  const directory = openDirectory(path);
  try {
    refuseOddFiles(path, directory);
    if (topmost !== null) await syncNames(path, topmost);
    const owned = await ownDirectory(directory, host, lockLeaseMs);
    const release = async (): Promise<void> => {
      try {
        await owned.release();
      } finally {
        directory.close();
      }
    };
    return { ...owned, release };
  } catch (error) {
    directory.close();
    throw error;
  }
}

/**
 * Takes the lock of a directory that is open, and stays so until it is released and closed.
 *
 * @throws LatchworkError DATABASE_IN_USE, DISK_ERROR, NO_SPACE.
 */
export async function ownDirectory(
  directory: FileDirectory,
  host: Host,
  lockLeaseMs: number = 0,
): Promise<OwnedDirectory> {
  const lock = await LockFile.take(directory, lockLeaseMs);
  try {
    await Promise.all(withParts(directory).map(unsharePages));
  } catch (error) {
    await lock.release();
    throw error;
  }
  const confirm = (): void => lock.confirm();
  const confirmWrite = (): void => lock.confirmLease();
  return {
    disk: new FileDisk(directory, host, { isWrittenThrough, isGivenRoom, confirm, confirmWrite }),
    confirm: () => {
      directory.confirm();
      lock.confirm();
    },
    release: () => lock.release(),
  };
}

/**
 * Opens a directory in which a database should be.
 *
 * @throws LatchworkError NOT_A_DATABASE if it is not there, DISK_ERROR.
 */
export function openDirectory(path: string): FileDirectory {
  try {
    return FileDirectory.open(path);
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "NO_SUCH_FILE") throw error;
    throw new LatchworkError("NOT_A_DATABASE", error.message);
  }
}

/** Makes a directory, and those above it that there are not; the topmost that it made, or null. */
function make(path: string): string | null {
  try {
    return mkdirSync(path, { recursive: true }) ?? null;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new LatchworkError("DISK_ERROR", `${path}: the directory cannot be made (${code})`);
  }
}

/**
 * Makes the names of directories durable that were made for a database. Else a power failure could
 * take one away with all that was acknowledged in it.
 */
async function syncNames(path: string, topmost: string): Promise<void> {
  // There the file system does that by itself.
  if (process.platform === "win32") return;
  for (let made = path; ; made = dirname(made)) {
    // oxlint-disable-next-line no-await-in-loop -- mostly there is one
    await syncEntries(dirname(made));
    if (made === topmost || made === dirname(made)) return;
  }
}

async function syncEntries(path: string): Promise<void> {
  try {
    const directory = await promises.open(path, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // One that may be written and not read can only be left to the system.
    if (code === "EACCES") return;
    throw new LatchworkError("DISK_ERROR", `${path}: the directory cannot be synced (${code})`);
  }
}
