import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** A file on a page, with its name behind the language of its block. */
const FILE = /^```\w+ (\S+)\n([\s\S]*?)^```$/gm;

/** A block with one command, and below it what it prints. */
const COMMAND = /^(```console\n)\$ latchwork (.*)\n[\s\S]*?^(```)$/gm;

/** Seconds that a command took differ from run to run; pages say all the same. */
const SECONDS = /\b\d+\.\d+ s\b/g;

/** A page with what its commands print now of its files, and how many commands there are. */
export function runCommands(markdown: string): { markdown: string; commands: number } {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
  let commands = 0;
  try {
    for (const [, name = "", text = ""] of markdown.matchAll(FILE)) {
      writeFileSync(join(directory, name), text);
    }
    const run = (_: string, open: string, words: string, close: string): string => {
      commands++;
      const output = outputOf(words.split(" "), directory).replaceAll(SECONDS, "0.01 s");
      return `${open}$ latchwork ${words}\n${output}${close}`;
    };
    return { markdown: markdown.replaceAll(COMMAND, run), commands };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What a command prints; one that finds something exits with 1. */
function outputOf(words: readonly string[], cwd: string): string {
  try {
    return execFileSync(process.execPath, [MAIN, ...words], { cwd, encoding: "utf8" });
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    if (status === 1) return stdout;
    throw new Error(`latchwork ${words.join(" ")} failed:\n${stderr}`, { cause: error });
  }
}
