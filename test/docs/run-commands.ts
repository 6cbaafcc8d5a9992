import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, writeFiles } from "./run-programs.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** A block with one command, and below it what it prints. */
const COMMAND = /^(```console\n)\$ latchwork (.*)\n[\s\S]*?^(```)$/gm;

/** A word of a command, in quotes or not. */
const WORD = /'([^']*)'|(\S+)/g;

/** Seconds that a command took differ from run to run; pages say all the same. */
const SECONDS = /\b\d+\.\d+ s\b/g;
const RATE = /\b[\d,]+ schedules\/s/g;

/**
 * A page with what its commands print now, and how many commands there are. Files are those of
 * `filesOf`, a page as well; programs among them are compiled into the folder `out`.
 */
export function runCommands(
  markdown: string,
  filesOf: string,
): { markdown: string; commands: number } {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
  let commands = 0;
  try {
    const names = writeFiles(directory, filesOf);
    if (names.some((name) => name.endsWith(".ts"))) compile(directory);
    const run = (_: string, open: string, words: string, close: string): string => {
      commands++;
      const output = outputOf(wordsOf(words), directory)
        .replaceAll(SECONDS, "0.01 s")
        .replaceAll(RATE, "9,999 schedules/s");
      return `${open}$ latchwork ${words}\n${output}${close}`;
    };
    return { markdown: markdown.replaceAll(COMMAND, run), commands };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The words of a command as a shell takes them apart. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(WORD)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** What a command prints; it exits with 1 for a no, and with 2 for input that is no history. */
function outputOf(words: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd,
    encoding: "utf8",
  });
  if (status !== null && status <= 2) return stdout + stderr;
  throw new Error(`latchwork ${words.join(" ")} failed:\n${stderr}`);
}
