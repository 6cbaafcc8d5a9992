import { posix } from "node:path";
import { type Finding, type SourceFile, lineAt, linesOf } from "./source-tree.ts";

export const ESSAY_LINES_MAX = 60;

/** Programs are started, not imported, so there `main.ts` opens the folder. */
const PROGRAMS: ReadonlySet<string> = new Set(["src/cli", "src/lab"]);

/** Finds src folders without an opening essay, and every `export *`. */
export function checkFolderDoors(files: readonly SourceFile[]): Finding[] {
  const code = files.filter(({ path }) => /^src\/.*\.tsx?$/.test(path));
  const folders = [...new Set(code.map(({ path }) => posix.dirname(path)))];
  return [...folders.flatMap((folder) => checkDoor(folder, code)), ...code.flatMap(exportStars)];
}

function checkDoor(folder: string, code: readonly SourceFile[]): Finding[] {
  const names = PROGRAMS.has(folder) ? ["index.ts", "main.ts", "main.tsx"] : ["index.ts"];
  const doors = names.map((name) => code.find(({ path }) => path === `${folder}/${name}`));
  const door = doors.find((file) => file !== undefined);
  if (door === undefined) {
    return [{ file: folder, line: 1, rule: `has no ${names.join(" or ")} to open it` }];
  }
  return checkEssay(door);
}

/** Requires the first thing in a door, after a possible `#!`, to be a short block comment. */
function checkEssay({ path, text }: SourceFile): Finding[] {
  // The one-line placeholder that keeps an empty project compiling has nothing to explain.
  if (text.trim() === "export {};") return [];
  const essay = /^(?:#!.*\n)?(\/\*[\s\S]*?\*\/)/.exec(text)?.[1];
  if (essay === undefined) {
    return [{ file: path, line: 1, rule: "must open with a block comment on what, why, limits" }];
  }
  const lines = linesOf(essay).length;
  if (lines <= ESSAY_LINES_MAX) return [];
  const rule = `opens with ${lines} lines of comment, over ${ESSAY_LINES_MAX}`;
  return [{ file: path, line: 1, rule }];
}

function exportStars({ path, text }: SourceFile): Finding[] {
  return [...text.matchAll(/^[ \t]*export\s+(?:type\s+)?\*/gm)].map((match) => ({
    file: path,
    line: lineAt(text, match.index),
    rule: "export * hides what a room offers; name each export",
  }));
}
