import { type Finding, lineAt, type SourceFile } from "./source-tree.ts";

const SURGERY =
  /\.(?:match|matchAll|replace|replaceAll|test|exec|search|split|startsWith|endsWith)\(/g;
/** To go through a text line by line, or to set numbers in groups, reads no meaning out of it. */
const HARMLESS: readonly RegExp[] = [/\.split\("\\n"/y, /\.replaceAll\(\/\\B\(\?=/y];

/**
 * Files, or rooms, that take texts apart, and why they may: what they read came from outside, is a
 * name, or is only set for the eye.
 */
const ALLOWED: readonly (readonly [path: string, why: string])[] = [
  ["src/cli/arguments.ts", "reads command lines"],
  ["src/cli/check/", "reads files of histories and prints paths"],
  ["src/cli/disk-flags.ts", "reads command lines"],
  ["src/cli/exit.ts", "sets what another library's errors say"],
  ["src/cli/files.ts", "numbers paths"],
  ["src/cli/inspect.ts", "indents"],
  ["src/cli/lab/site.ts", "reads names of files"],
  ["src/cli/layout.ts", "folds and indents lines"],
  ["src/cli/own-package.ts", "reads names of modules"],
  ["src/cli/protocol-file-fault.ts", "reads what Node says of a module"],
  ["src/cli/protocol-file.ts", "reads and quotes paths and names"],
  ["src/cli/run.ts", "reads command lines"],
  ["src/cli/serve.ts", "reads command lines and addresses"],
  ["src/cli/stress.ts", "reads command lines"],
  ["src/drivers/", "reads names and contents of files of the system"],
  ["src/engine/tables/table-name.ts", "reads names"],
  ["src/engine/partitions/partitions-file.ts", "reads names of directories"],
  ["src/hunt/scenario/", "reads scenarios"],
  ["src/hunt/program/exported-protocols.ts", "reads names"],
  ["src/hunt/program/tree-names.ts", "takes what names a run out of a report"],
  ["src/hunt/story/columns.ts", "folds lines"],
  ["src/hunt/story/error-text.ts", "shortens names in what errors say"],
  ["src/lab/edit/", "reads scenarios"],
  ["src/lab/levels/chapters/", "reads what operations answered"],
  ["src/lab/own/", "reads modules"],
  ["src/lab/export/chosen-stops.ts", "reads numbers of steps"],
  ["src/lab/export/strip.ts", "folds captions"],
  ["src/lab/share/", "reads links"],
  ["src/lab/web/worker/own-code.ts", "reads what a compiler says"],
  ["src/lab/web/worker/fault-text.ts", "shortens to a line"],
  [
    "src/linearizability/",
    "reads histories and draws them; its own sentences are its own business",
  ],
  ["src/server/", "reads requests"],
  ["src/sim/bug-identity.ts", "takes numbers out of reports"],
  ["src/sim/code-places.ts", "reads stacks"],
  ["src/sim/disk/storage.ts", "reads paths"],
  ["src/sim/schedule.ts", "reads schedules"],
  ["src/sim/strategies/parse-strategy.ts", "reads names of strategies"],
  ["src/stress/", "reads options and what a server answers"],
  ["src/task/handed-over.ts", "chooses an article"],
  ["src/task/markup.ts", "escapes what markup would obey"],
  ["src/task/printable.ts", "escapes what cannot be printed"],
  ["src/wal/commit-policy.ts", "reads names of policies"],
  ["src/wal/file-names.ts", "reads names of files"],
  ["src/wal/log-format.ts", "reads names of files"],
];

/**
 * Finds code that takes a text apart to learn what it says. Stories, labels and verdicts are made
 * of facts; whoever wants to know something of them asks the facts.
 */
export function checkTextSurgery(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => path.startsWith("src/") && !isAllowed(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(SURGERY)]
        .filter(({ index }) => !HARMLESS.some((pattern) => matchesAt(pattern, text, index)))
        .map(({ index, 0: call }) => ({
          file: path,
          line: lineAt(text, index),
          rule: `has ${call}...): take what a text says from its facts, or allow the file by name`,
        })),
    );
}

function isAllowed(path: string): boolean {
  return ALLOWED.some(([name]) => (name.endsWith("/") ? path.startsWith(name) : path === name));
}

function matchesAt(pattern: RegExp, text: string, index: number): boolean {
  pattern.lastIndex = index;
  return pattern.test(text);
}
