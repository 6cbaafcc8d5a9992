import { printable } from "../task/index.ts";
import { NotWritten } from "./exit.ts";
import { nameOf, writeText } from "./files.ts";
import { foldedText } from "./layout.ts";
import { print } from "./output.ts";

/** The files that a verb writes beside its output: none is passed over in silence. */
export class SavedFiles {
  /** The names of those that were written, in order. */
  readonly written: string[] = [];
  /** Why others could not be; to be told last, by `finish`. */
  readonly unwritten: NotWritten[] = [];

  /** Writes a file, or notes why that cannot be: what was found has to be told all the same. */
  write(path: string, text: string): void {
    try {
      writeText(path, text);
      this.written.push(path);
    } catch (error) {
      if (!(error instanceof NotWritten)) throw error;
      this.unwritten.push(error);
    }
  }

  /** Prints which files were written. */
  print(): void {
    for (const path of this.written) print(foldedText(`wrote ${printable(path)}\n`));
  }
}

/** Says of files that were asked for that there is nothing to write: an old one stays as it is. */
export function noteNotWritten(paths: readonly (string | undefined)[]): void {
  for (const path of paths) {
    if (path === undefined) continue;
    process.stderr.write(`latchwork: nothing found, ${printable(nameOf(path))} not written\n`);
  }
}
