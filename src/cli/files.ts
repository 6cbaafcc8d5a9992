import { closeSync, constants, openSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { printable } from "../task/index.ts";
import { NotWritten } from "./exit.ts";

/** The name that means standard input. */
export const STANDARD_INPUT = "-";

/**
 * Writes a file that the user asked for.
 *
 * @throws NotWritten if it cannot.
 */
export function writeText(path: string, text: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true) writeToPipe(path, text);
    else writeFileSync(path, text);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Writes to a pipe if somebody reads from it; to wait for a reader might take for ever. */
function writeToPipe(path: string, text: string): void {
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeFileSync(path, text);
  } finally {
    closeSync(probe);
  }
}

/** Says why a file cannot be written. One that is not there yet lacks only its directory. */
export function notWritten(path: string, error: unknown): NotWritten {
  const isNowhere = (error as NodeJS.ErrnoException).code === "ENOENT";
  const why = isNowhere ? `there is no directory ${dirname(path)}` : reason(error);
  return new NotWritten(printable(`cannot write ${path}: ${why}`));
}

/** Of several files to write, the first goes to `found.txt`, the second to `found-2.txt`. */
export function numbered(path: string, index: number): string {
  if (index === 0) return path;
  return path.replace(/(\.[^./\\]*)?$/, (end) => `-${index + 1}${end}`);
}

/** Whether a path names something there is. */
export function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // A name that no file can have, such as one too long.
  }
}

/** What messages call a file. */
export function nameOf(path: string): string {
  if (path === STANDARD_INPUT) return "standard input";
  return path === "" ? '""' : printable(path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ENOTDIR: "part of its path is no directory",
  ENOSPC: "the disk is full",
  ENXIO: "nobody reads from it",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "it is a link that leads to itself",
};

/** Why a file could not be opened, read or written. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}
