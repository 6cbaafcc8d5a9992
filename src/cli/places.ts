import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { BadInput, NotWritten } from "./exit.ts";
import { nameOf, notWritten, numbered, reason } from "./files.ts";

/** A place for output: the option that names it, and the name, if it was given. */
export type Place = readonly [option: string, path: string | undefined];

/**
 * Refuses places for output before any work is done, for that may take long. Where there may be
 * several files, `count` of them, they are numbered from the one that is named.
 *
 * @throws BadInput if one of them is an input or another place, NotWritten if one cannot be
 *   written.
 */
export function checkPlaces(
  inputs: readonly string[],
  places: readonly Place[],
  count: number = Math.max(inputs.length, 1),
): void {
  const taken = new Set(inputs.map((path) => resolve(path)));
  for (const [option, first] of places) {
    if (first === undefined) continue;
    for (let index = 0; index < count; index++) {
      const place = numbered(first, index);
      if (taken.has(resolve(place))) {
        throw new BadInput(`${option} would overwrite ${nameOf(place)}; name another file`);
      }
      taken.add(resolve(place));
      refuseUnwritable(place);
    }
  }
}

/**
 * Refuses the name of a file that is to be kept, being read, and replaced by its draft, unless it
 * is one that a regular file has or can have: a pipe would never come to its end, nor some devices.
 *
 * @throws BadInput for such a name.
 */
export function refuseNoFile(option: string, path: string): void {
  const fault = faultOfName(path) ?? faultOfName(draftOf(path));
  if (fault === null) return;
  throw new BadInput(`${option} ${nameOf(path)}: ${fault}; expected the name of a file`);
}

/** Where a file that is kept is written, before it takes the place of the one before. */
export function draftOf(path: string): string {
  return `${path}.new`;
}

function faultOfName(path: string): string | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return reason({ code: "EISDIR" });
    if (stat !== undefined) return stat.isFile() ? null : `${nameOf(path)} is no regular file`;
    const folder = path.at(-1) === sep ? path : dirname(path);
    return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
      ? null
      : `there is no directory ${nameOf(folder)}`;
  } catch (error) {
    return reason(error);
  }
}

function refuseUnwritable(path: string): void {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) {
      throw new NotWritten(`cannot write ${nameOf(path)}: it is a directory`);
    }
    accessSync(stat === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw error instanceof NotWritten ? error : notWritten(path, error);
  }
}
