import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileDirectory } from "./file-directory.ts";
import { LatchworkError } from "../task/index.ts";
import {
  CONTROL_FILE,
  isOfLock,
  isOurs,
  NEW_TABLES_FILE,
  tableIdOf,
  TABLES_FILE,
} from "../wal/index.ts";

/**
 * The directories of the tables of a directory, as far as they are there. O(names).
 *
 * @throws LatchworkError DISK_ERROR.
 */
export function tableDirectoriesOf(directory: FileDirectory): FileDirectory[] {
  const names = directory.names();
  if (!names.includes(TABLES_FILE)) return [];
  const tables = names.filter((name) => tableIdOf(name) !== null);
  const isThere = (name: string): boolean =>
    statSync(directory.pathOf(name), { throwIfNoEntry: false })?.isDirectory() === true;
  return tables.filter(isThere).map((name) => directory.child(name));
}

/**
 * Rejects the directory of one table of a database: the lock that keeps other processes out of it
 * is that of the whole database, in the directory above.
 *
 * @throws LatchworkError BAD_ARGUMENT.
 */
export function refuseTableDirectory(path: string): void {
  const real = existsSync(path) ? realpathSync(path) : path;
  const whole = dirname(real);
  if (tableIdOf(basename(real)) === null || !existsSync(join(whole, TABLES_FILE))) return;
  const message = `${path} is one table of a database: open ${whole}, and name the table`;
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
  const isMade = names.includes(CONTROL_FILE) || names.includes(TABLES_FILE);
  for (const name of names) {
    const isOurFile = isOurs(name) || name === TABLES_FILE || name === NEW_TABLES_FILE;
    const what = isOfLock(name) || !isOurFile ? null : oddity(directory.pathOf(name), isMade);
    if (what === null) continue;
    const message = `${path}: ${name}: ${what}, expected a file`;
    throw new LatchworkError("NOT_A_DATABASE", message);
  }
  for (const table of tableDirectoriesOf(directory)) refuseOddFiles(table.path, table);
}

/** What there is instead of a file; null for a file. */
function oddity(path: string, mayBeLink: boolean): string | null {
  const status = (mayBeLink ? statSync : lstatSync)(path, { throwIfNoEntry: false });
  // What has gone meanwhile does no harm.
  if (status === undefined || status.isFile()) return null;
  if (status.isDirectory()) return "a directory";
  return status.isSymbolicLink() ? "a link" : "no file";
}
