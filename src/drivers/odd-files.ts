import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileDirectory } from "./file-directory.ts";
import { inWords, LatchworkError } from "../task/index.ts";
import {
  CONTROL_FILE,
  isOfLock,
  isOurs,
  isPartitionName,
  NEW_PARTITIONS_FILE,
  NEW_TABLES_FILE,
  PARTITIONS_FILE,
  tableIdOf,
  TABLES_FILE,
} from "../wal/index.ts";

/**
 * The directories of the tables of a directory, or of the partitions of a table, as far as they are
 * there. O(names).
 *
 * @throws LatchworkError DISK_ERROR.
 */
function partsOf(directory: FileDirectory): FileDirectory[] {
  const isThere = (name: string): boolean =>
    statSync(directory.pathOf(name), { throwIfNoEntry: false })?.isDirectory() === true;
  const names = directory.names();
  return names
    .filter((name) => isPart(name, (file) => names.includes(file)) && isThere(name))
    .map((name) => directory.child(name));
}

/** Whether a name is that of a table or a partition, in a directory that has certain files. */
function isPart(name: string, hasFile: (file: string) => boolean): boolean {
  if (tableIdOf(name) !== null) return hasFile(TABLES_FILE);
  return isPartitionName(name) && hasFile(PARTITIONS_FILE);
}

/** A directory, and all those in it with files of the same database. O(names). */
export function withParts(directory: FileDirectory): FileDirectory[] {
  return [directory, ...partsOf(directory).flatMap(withParts)];
}

/**
 * Rejects the directory of one table of a database, or of one partition: the lock that keeps other
 * processes out of it is that of the whole database, in the directory above.
 *
 * @throws LatchworkError BAD_ARGUMENT.
 */
export function refusePart(path: string): void {
  mustBePath(path);
  const real = existsSync(path) ? realpathSync(path) : path;
  const name = basename(real);
  const whole = dirname(real);
  if (!isPart(name, (file) => existsSync(join(whole, file)))) return;
  const what = isPartitionName(name) ? "partition" : "table";
  const how = what === "table" ? "open that, and name the table" : "open that";
  const message = `${path} is one ${what} of the database in ${whole}: ${how}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/**
 * Rejects what a program without types may give for a path.
 *
 * @throws LatchworkError BAD_ARGUMENT.
 */
export function mustBePath(path: unknown): void {
  if (typeof path === "string" && path !== "") return;
  const message = `the path of a directory must be a non-empty string, not ${inWords(path)}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/**
 * Rejects a directory in which something else than a file has the name of a file of ours: a pipe
 * would be waited on for ever. Where there is no database yet, a link to a file is rejected too,
 * for to make one would empty a file that is elsewhere. What stands in place of a lock is for the
 * lock to judge.
 *
 * @param path What to call it.
 * @throws LatchworkError NOT_A_DATABASE.
 */
export function refuseOddFiles(path: string, directory: FileDirectory): void {
  const names = directory.names();
  const isMade = [CONTROL_FILE, ...NAMES_OF_PARTS].some((name) => names.includes(name));
  for (const name of names) {
    const isOurFile = isOurs(name) || NAMES_OF_PARTS.includes(name);
    const what = isOfLock(name) || !isOurFile ? null : oddity(directory.pathOf(name), isMade);
    if (what === null) continue;
    const message = `${path}: ${name}: ${what}, expected a file`;
    throw new LatchworkError("NOT_A_DATABASE", message);
  }
  for (const part of partsOf(directory)) refuseOddFiles(part.path, part);
}

const NAMES_OF_PARTS: readonly string[] = [
  TABLES_FILE,
  NEW_TABLES_FILE,
  PARTITIONS_FILE,
  NEW_PARTITIONS_FILE,
];

/** What there is instead of a file; null for a file. */
function oddity(path: string, mayBeLink: boolean): string | null {
  const status = (mayBeLink ? statSync : lstatSync)(path, { throwIfNoEntry: false });
  // What has gone meanwhile does no harm.
  if (status === undefined || status.isFile()) return null;
  if (status.isDirectory()) return "a directory";
  return status.isSymbolicLink() ? "a link" : "no file";
}
