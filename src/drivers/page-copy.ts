import * as fs from "node:fs";
import type { FileDirectory } from "./file-directory.ts";
import { LatchworkError } from "../task/index.ts";
import { LOCK_FILE, PAGES_FILE } from "../wal/index.ts";

const PAGES_COPY = `${LOCK_FILE}.pages`;

/**
 * Puts a copy of the page file in its place: whoever has the old one open, or has another name for
 * it, keeps that. Requires: the lock is ours. O(page file).
 *
 * @throws what the system says; see {@link pageCopyFault}.
 */
export async function replacePagesByCopy(directory: FileDirectory): Promise<void> {
  const path = directory.pathOf(PAGES_FILE);
  if (!fs.existsSync(path)) return;
  const copy = directory.pathOf(PAGES_COPY);
  await fs.promises.copyFile(path, copy, fs.constants.COPYFILE_FICLONE);
  const file = await fs.promises.open(copy, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  fs.renameSync(copy, path);
  await new Promise<void>((resolve, reject) => {
    directory.sync((error) => (error === null ? resolve() : reject(error)));
  });
}

/**
 * Gives a database a page file of its own, if that has a second name: a hard link, as `cp -al` and
 * some tools that make backups leave. The page file is the one that is written in place; through
 * the other name another database would be changed, or a backup. Requires: the lock is ours.
 *
 * @throws LatchworkError DISK_ERROR or NO_SPACE.
 */
export async function unsharePages(directory: FileDirectory): Promise<void> {
  try {
    const status = fs.statSync(directory.pathOf(PAGES_FILE), { throwIfNoEntry: false });
    if (status !== undefined && status.nlink > 1) await replacePagesByCopy(directory);
  } catch (error) {
    throw pageCopyFault(directory, error);
  }
}

/** Says in our words that the page file could not be copied. */
export function pageCopyFault(directory: FileDirectory, error: unknown): LatchworkError {
  const { code = "" } = error as NodeJS.ErrnoException;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  const message = `${directory.path}: the page file cannot be copied (${code})`;
  return new LatchworkError(isFull ? "NO_SPACE" : "DISK_ERROR", message);
}
