import { existsSync, mkdirSync } from "node:fs";
import { FileDisk } from "../storage/files.ts";
import { type Disk, type Host, LatchworkError } from "../task/index.ts";
import { isLogSegment } from "./file-names.ts";
import { LockFile } from "./driver-lock-file.ts";

/** A directory that this process has to itself. */
export interface OwnedDirectory {
  readonly disk: Disk;
  release(): void;
}

/** The log, whose every block is synced. Elsewhere O_DSYNC leaves bytes in the drive's cache. */
function isWrittenThrough(name: string): boolean {
  return process.platform === "linux" && isLogSegment(name);
}

/**
 * Takes a directory for a database.
 *
 * @param create Whether to make it if it is not there.
 * @throws LatchworkError NOT_A_DATABASE if it is not there, DATABASE_IN_USE, DISK_ERROR, NO_SPACE.
 */
export function takeDirectory(path: string, create: boolean, host: Host): OwnedDirectory {
  if (create) make(path);
  else if (!existsSync(path)) {
    throw new LatchworkError("NOT_A_DATABASE", `${path} does not exist`);
  }
  const lock = LockFile.take(path);
  return { disk: new FileDisk(path, host, isWrittenThrough), release: () => lock.release() };
}

function make(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new LatchworkError("DISK_ERROR", `${path}: the directory cannot be made (${code})`);
  }
}
