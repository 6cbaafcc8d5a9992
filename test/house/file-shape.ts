import { posix } from "node:path";
import { type Finding, type SourceFile, lineAt, linesOf } from "./source-tree.ts";

export const FILE_LINES_MAX = 500;
export const COLUMNS_MAX = 100;

const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Roots of machines on which the project has been built; a path into one works nowhere else. */
const MACHINE_ROOTS = ["work", "farm"] as const;

/** Finds code files with a name that is not kebab-case, or too long, or too wide. */
export function checkFileShape(files: readonly SourceFile[]): Finding[] {
  const code = files.filter(({ path }) => /^(?:src|test|bench)\/.*\.(?:tsx?|css)$/.test(path));
  return code.flatMap((file) => [...checkName(file), ...checkLength(file), ...checkWidth(file)]);
}

function checkName({ path }: SourceFile): Finding[] {
  const parts = path.split("/");
  return parts.every((part) => KEBAB_CASE.test(part))
    ? []
    : [{ file: path, line: 1, rule: "name must be kebab-case" }];
}

function checkLength({ path, text }: SourceFile): Finding[] {
  const count = linesOf(text).length;
  if (count <= FILE_LINES_MAX) return [];
  const rule = `has ${count} lines, over ${FILE_LINES_MAX}: split it by concept`;
  return [{ file: path, line: FILE_LINES_MAX + 1, rule }];
}

/** Only src: tests draw wide tables, and the formatter already keeps their code narrow. */
function checkWidth({ path, text }: SourceFile): Finding[] {
  if (!path.startsWith("src/")) return [];
  return linesOf(text).flatMap((line, index) => {
    const columns = Array.from(line).length;
    if (columns <= COLUMNS_MAX || isBareLink(line)) return [];
    return [{ file: path, line: index + 1, rule: `is ${columns} columns, over ${COLUMNS_MAX}` }];
  });
}

/** A comment line that holds one link and nothing else cannot be broken. */
function isBareLink(line: string): boolean {
  return /^\s*(?:\/\/|\/?\*+)\s*\S*https?:\/\/\S+$/.test(line);
}

/** Finds absolute paths of a machine that built the project, in any file. */
export function checkMachinePaths(files: readonly SourceFile[]): Finding[] {
  // A word or a slash before it makes it part of a longer, harmless path, save in a file URL.
  const roots = new RegExp(`(?:(?<![\\w./-])|(?<=file://))/(?:${MACHINE_ROOTS.join("|")})/`, "g");
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(roots)].map((match) => ({
      file: path,
      line: lineAt(text, match.index),
      rule: `names ${match[0]}, a path of one machine`,
    })),
  );
}

export const README_LINES_MAX = 150;

/** Finds a README that has grown too long to be read at one sitting. */
export function checkReadmeLength(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => posix.basename(path) === "README.md" && posix.dirname(path) === ".")
    .flatMap(({ path, text }) => {
      const count = linesOf(text).length;
      if (count < README_LINES_MAX) return [];
      const rule = `has ${count} lines; it must stay under ${README_LINES_MAX}`;
      return [{ file: path, line: README_LINES_MAX, rule }];
    });
}
