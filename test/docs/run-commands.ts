import { spawnSync } from "node:child_process";
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

/**
 * A page with what its commands print now, and how many commands there are. Files are those of
 * `filesOf`, a page as well.
 */
export function runCommands(
  markdown: string,
  filesOf: string,
): { markdown: string; commands: number } {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
  let commands = 0;
  try {
    for (const [, name = "", text = ""] of filesOf.matchAll(FILE)) {
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

/** What a command prints; it exits with 1 for a no, and with 2 for input that is no history. */
function outputOf(words: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd,
    encoding: "utf8",
  });
  if (status !== null && status <= 2) return stdout + stderr;
  throw new Error(`latchwork ${words.join(" ")} failed:\n${stderr}`);
}
