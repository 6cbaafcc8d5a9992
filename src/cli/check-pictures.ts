import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { CheckReport } from "./check-report.ts";
import { BadInput, NotWritten } from "./exit.ts";
import { notWritten, numbered, writeText } from "./files.ts";

/** Where pictures are to go. */
export interface PictureFlags {
  readonly html?: string;
  readonly svg?: string;
}

/** Where the pictures of one file were written; null of what was not. */
export interface SavedPictures {
  readonly html: string | null;
  readonly svg: string | null;
}

/**
 * Refuses places for pictures before anything is checked, for that may take long.
 *
 * @throws BadInput if one of them is a history or the other picture, NotWritten if one cannot be
 *   written.
 */
export function checkPlaces(paths: readonly string[], { html, svg }: PictureFlags): void {
  const taken = new Set(paths.map((path) => resolve(path)));
  for (const [option, first] of [
    ["--html", html],
    ["--svg", svg],
  ] as const) {
    if (first === undefined) continue;
    for (const place of paths.map((_, index) => numbered(first, index))) {
      if (taken.has(resolve(place))) {
        throw new BadInput(`${option} would overwrite ${place}; name another file`);
      }
      taken.add(resolve(place));
      refuseUnwritable(place);
    }
  }
}

function refuseUnwritable(path: string): void {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true)
      throw new NotWritten(`cannot write ${path}: it is a directory`);
    accessSync(stat === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw error instanceof NotWritten ? error : notWritten(path, error);
  }
}

/**
 * Writes the pictures of file number `index`. One that cannot be written is told to `onFault`: what
 * was found is worth more than its picture.
 */
export function savePictures(
  report: CheckReport,
  index: number,
  { html, svg }: PictureFlags,
  onFault: (fault: NotWritten) => void,
): SavedPictures {
  const saved = (text: string | null, first: string | undefined): string | null => {
    if (text === null || first === undefined) return null;
    const path = numbered(first, index);
    try {
      writeText(path, text);
      return path;
    } catch (error) {
      if (!(error instanceof NotWritten)) throw error;
      onFault(error);
      return null;
    }
  };
  return { html: saved(report.html, html), svg: saved(report.svg, svg) };
}
