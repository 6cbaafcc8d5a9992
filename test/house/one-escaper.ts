import { type Finding, type SourceFile, lineAt } from "./source-tree.ts";

const HOME = "src/task/printable.ts";

/** A pattern of characters that are not to be seen, as somebody would write a second one. */
const PATTERN = /\\p\{C[a-z]?\}|\\u\{?202[89e]|\\x1b|\\u001b(?!\[)/gi;

/** Finds code beside `printable` that decides which characters of a text can be printed. */
export function checkOneEscaper(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => path.startsWith("src/") && path !== HOME)
    .flatMap(({ path, text }) =>
      [...text.matchAll(PATTERN)].map((match) => ({
        file: path,
        line: lineAt(text, match.index),
        rule: `has ${match[0]}: what may be printed is for printable of ${HOME} to say`,
      })),
    );
}
