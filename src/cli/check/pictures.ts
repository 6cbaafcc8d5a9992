import type { CheckReport } from "./report.ts";
import { NotWritten } from "../exit.ts";
import { numbered, writeText } from "../files.ts";

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
 * Writes the pictures of file number `index`. One that cannot be written goes to `onFault`: the
 * verdict is worth more than its picture.
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
