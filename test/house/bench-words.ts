import { type Finding, lineAt, type SourceFile } from "./source-tree.ts";

/** What a benchmark reads its words with, so that it has `--help` and refuses a wrong one. */
const READERS = /\b(?:acceptWords|parseWords|parseRequest)\(/;

const SCRIPT = /"(?:bench|profile):[a-z-]+": "[^"]*?node [^"]*?dist-bench\/(bench\/[a-z-]+)\.js/g;

/** Finds benchmarks of package.json that take any word for none. */
export function checkBenchWords(files: readonly SourceFile[]): Finding[] {
  const textOf = new Map(files.map(({ path, text }) => [path, text]));
  const scripts = textOf.get("package.json") ?? "";
  return [...scripts.matchAll(SCRIPT)].flatMap((match) => {
    const file = `${match[1]}.ts`;
    if (READERS.test(textOf.get(file) ?? "")) return [];
    const rule = `${file} has no --help and refuses no wrong word; see bench/options.ts`;
    return [{ file: "package.json", line: lineAt(scripts, match.index), rule }];
  });
}
