import { type Finding, type SourceFile, linesOf } from "./source-tree.ts";

const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;
const FENCE = /^\s*(?:```|~~~)/;

/**
 * Finds rows of tables in README.md and docs/ that do not stand below a header and its rule: they
 * would be shown as text full of bars.
 */
export function checkDocTables(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => /^(?:README\.md|docs\/.*\.md)$/.test(path))
    .flatMap(({ path, text }) =>
      headless(linesOf(text)).map((line) => ({
        file: path,
        line,
        rule: "has a table without a header row",
      })),
    );
}

/** Numbers of the lines that begin a table without a rule below them. */
function headless(lines: readonly string[]): number[] {
  const found: number[] = [];
  let isCode = false;
  let isTable = false;
  for (const [i, line] of lines.entries()) {
    if (FENCE.test(line)) isCode = !isCode;
    const isRow = !isCode && ROW.test(line);
    if (isRow && !isTable && !RULE.test(lines[i + 1] ?? "")) found.push(i + 1);
    isTable = isRow;
  }
  return found;
}
