import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { film } from "../../src/lab/index.ts";
import { parseReplay } from "../../src/hunt/index.ts";
import { parseSchedule } from "../../src/sim/index.ts";
import { runCli, spawnCli } from "../cli/run-cli.ts";
import { writeFiles } from "./run-programs.ts";

/** A command with what it prints; behind a pipe stands what cuts it down to what matters. */
const COMMAND = /^(```console\n)\$ latchwork ([^|\n]*?)( \| [^\n]*)?\n[\s\S]*?^(```)$/gm;

/** A word of a command, in quotes or not. */
const WORD = /'([^']*)'|(\S+)/g;

/** How long a command took, and so how many schedules a second that were. */
const SECONDS = /\b\d+\.\d+ s\b/g;
const RATE = /\b[\d,]+ schedules\/s/g;

/** A moment of the lab: the command that opens it, and a caption that ends with what becomes. */
const LAB = /^```lab\nlatchwork lab '(LW1:[^'\n]*)' --at (\d+)\n([\s\S]*?)^```$/gm;
const CLAIM = /(?:It fails: ([a-z-]+)\.|(It goes well)\.)\n$/;

/** A moment that a chapter shows, and what its caption says of the run. */
export interface Moment {
  readonly line: string;
  readonly at: number;
  readonly caption: string;
  /** The kind of its failure; `goes well`; or null if the caption says neither. */
  readonly claim: string | null;
}

/** The moments of a chapter, in order. */
export function momentsOf(markdown: string): Moment[] {
  return [...markdown.matchAll(LAB)].map(([, line = "", at = "", caption = ""]) => {
    const [, kind, well] = CLAIM.exec(caption) ?? [];
    const claim = kind ?? (well === undefined ? null : "goes well");
    return { line, at: Number(at), caption, claim };
  });
}

/** What the run of a moment really comes to, in the words of a caption. */
export function outcomeOf({ line, at }: Moment): string {
  const { scenario, schedule } = parseReplay(line);
  const script = { schedule: parseSchedule(schedule), rule: "exact", goOn: null } as const;
  const { failure, isOver, drift, stops } = film(scenario, script);
  if (drift !== null) return `leaves its schedule at step ${drift}`;
  if (!isOver) return "is not over";
  if (at >= stops.length) return `has only ${stops.length - 1} steps`;
  return failure === null ? "goes well" : failure.kind;
}

/** A chapter with what its commands print now, and how many there are. */
export async function runChapter(
  markdown: string,
): Promise<{ readonly markdown: string; readonly commands: number }> {
  const folder = mkdtempSync(join(tmpdir(), "latchwork-book-"));
  try {
    const files = new Set(writeFiles(folder, markdown));
    const found = [...markdown.matchAll(COMMAND)];
    // All at once: those that need a process of their own run beside each other.
    const blocks = await Promise.all(
      found.map(async ([, open = "", words = "", pipe = "", close = ""]) => {
        const printed = cutDown(await outputOf(words, folder, files), pipe);
        return `${open}$ latchwork ${words}${pipe}\n${printed}${close}`;
      }),
    );
    let next = 0;
    return {
      markdown: markdown.replaceAll(COMMAND, () => blocks[next++] ?? ""),
      commands: found.length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a command prints; files of the page are meant by their names. */
async function outputOf(
  command: string,
  folder: string,
  files: ReadonlySet<string>,
): Promise<string> {
  const words = [...command.matchAll(WORD)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const there = words.map((word) => (files.has(word) ? join(folder, word) : word));
  // A protocol of one's own imports the package as it is built, so the command has to be that too.
  const run = words.includes("--protocol-file") ? spawnCli : runCli;
  const { code, stdout, stderr } = await run(there);
  if (code === null || code > 1) throw new Error(`latchwork ${command} failed:\n${stderr}`);
  return (stdout + stderr)
    .replaceAll(`${folder}/`, "")
    .replaceAll(SECONDS, "0.01 s")
    .replaceAll(RATE, "9,999 schedules/s");
}

/** What a shell makes of a text and ` | head -n 3`. */
function cutDown(text: string, pipe: string): string {
  if (pipe === "") return text;
  const script = pipe.replace(" | ", "");
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return stdout;
}
