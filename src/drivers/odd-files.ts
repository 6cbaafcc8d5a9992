import { lstatSync, statSync } from "node:fs";
import type { FileDirectory } from "./file-directory.ts";
import { LatchworkError } from "../task/index.ts";
import { CONTROL_FILE, isOurs, LOCK_FILE } from "../wal/index.ts";

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
  const isMade = names.includes(CONTROL_FILE);
  for (const name of names) {
    const isOfLock = name === LOCK_FILE || name.startsWith(`${LOCK_FILE}.`);
    const what = isOfLock || !isOurs(name) ? null : oddity(directory.pathOf(name), isMade);
    if (what === null) continue;
    const message = `${path}: ${name}: ${what}, expected a file`;
    throw new LatchworkError("NOT_A_DATABASE", message);
  }
}

/** What there is instead of a file; null for a file. */
function oddity(path: string, mayBeLink: boolean): string | null {
  const status = (mayBeLink ? statSync : lstatSync)(path, { throwIfNoEntry: false });
  // What has gone meanwhile does no harm.
  if (status === undefined || status.isFile()) return null;
  if (status.isDirectory()) return "a directory";
  return status.isSymbolicLink() ? "a link" : "no file";
}
