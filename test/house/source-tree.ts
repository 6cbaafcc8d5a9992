import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A text file of the project: its path from the root, with forward slashes, and its content. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One place that breaks a house rule. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/** Renders findings as `file:line rule`, one a line, so that an editor can jump to each. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).join("\n");
}

/** Splits a text into its lines; a closing line end adds no empty line. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Counts the line, from 1, on which an offset falls. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/**
 * Reads every file below a root that git would not ignore. A binary file keeps its place, so
 * that links to it resolve, but has no text to check.
 *
 * It walks the disk instead of asking git, so that the tests also run on an unpacked archive.
 */
export function readTree(root: string): SourceFile[] {
  const ignored = ignoredNames(readFileSync(join(root, ".gitignore"), "utf8"));
  return pathsBelow(root, "", ignored)
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .map(({ path, text }) => ({ path, text: text.includes("\0") ? "" : text }));
}

/** Takes the folder names and the `*.ending` patterns, the only two forms our .gitignore uses. */
export function ignoredNames(gitignore: string): (name: string) => boolean {
  const patterns = linesOf(gitignore)
    .map((line) => line.trim().replace(/\/$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
  return (name) =>
    name === ".git" ||
    patterns.some((pattern) =>
      pattern.startsWith("*.") ? name.endsWith(pattern.slice(1)) : name === pattern,
    );
}

function pathsBelow(root: string, folder: string, ignored: (name: string) => boolean): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter((entry) => !ignored(entry.name))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return pathsBelow(root, path, ignored);
      return entry.isFile() ? [path] : [];
    })
    .toSorted();
}
