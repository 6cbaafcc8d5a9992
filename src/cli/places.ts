import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BadInput, NotWritten } from "./exit.ts";
import { nameOf, notWritten, numbered } from "./files.ts";

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
