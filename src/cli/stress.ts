import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import type { StressReport, StressRun } from "../stress/index.ts";
import { DEFAULT_MIX, type Mix, parseMix, REQUEST_KINDS } from "../stress/mix.ts";
import { DEFAULT_TABLES, type StressOptions } from "../stress/stress-options.ts";
import { fileName, wholeNumber } from "./arguments.ts";
import { Interrupt } from "./drive.ts";
import {
  BadInput,
  EXIT_CLEAN,
  EXIT_FOUND,
  EXIT_INTERRUPTED,
  STRESS_EXIT_CODES_HELP,
} from "./exit.ts";
import { notWritten } from "./files.ts";
import { foldedText } from "./layout.ts";
import { print, printJson } from "./output.ts";
import { Progress } from "./progress.ts";
import { stressText } from "./stress-text.ts";

const CLIENTS_MAX = 4096;
const KEYS_MAX = 100_000_000;
const VALUE_BYTES_MAX = 1024 * 1024;
const REQUESTS_MAX = 1_000_000_000;
const RATE_MAX = 1_000_000;
const SECONDS_MAX = 1_000_000;

interface StressFlags {
  readonly record?: string;
  readonly seconds?: number;
  readonly requests?: number;
  readonly clients?: number;
  readonly keys?: number;
  readonly tables?: readonly string[];
  readonly mix?: Mix;
  readonly rate?: number;
  readonly valueBytes?: number;
  readonly seed?: string;
  readonly token?: string;
  readonly verify: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
A mix gives a weight to each kind of request: ${REQUEST_KINDS.join(", ")}.
Every key is read before the first request, and again after the last one. Nobody
else may write to these keys meanwhile.

Examples:
  latchwork stress http://127.0.0.1:8080
  latchwork stress http://127.0.0.1:8080 --record out.jsonl --mix get=50,put=50
  latchwork check out.jsonl --model kv
`;

/** Adds the verb `stress`. */
export function addStress(program: Command): void {
  program
    .command("stress")
    .summary("ask a server much at once, and record what it answers")
    .description(
      "Lets many clients read and write a few keys of a server at once, over HTTP, and says how " +
        "fast it answered and whether it lost a write that it had acknowledged. With --record, " +
        "latchwork check then decides whether all of its answers can be right.",
    )
    .argument("<url>", "where the server listens, as http://127.0.0.1:8080")
    .option("--record <file>", "write the history to a file, as JSON lines", fileName)
    .option("--seconds <s>", "how long to ask (default: 10)", seconds)
    .option(
      "--requests <n>",
      "most requests, by all clients together (default: no limit)",
      wholeNumber(1, REQUESTS_MAX),
    )
    .option("--clients <n>", "connections (default: 16)", wholeNumber(1, CLIENTS_MAX))
    .option("--keys <n>", "keys of each table (default: 100)", wholeNumber(1, KEYS_MAX))
    .option("--tables <names>", `tables (default: ${DEFAULT_TABLES.join(",")})`, names)
    .option("--mix <weights>", `what to ask (default: ${DEFAULT_MIX})`, mix)
    .option(
      "--rate <n>",
      "requests a second (default: as many as there can be)",
      wholeNumber(1, RATE_MAX),
    )
    .option("--value-bytes <n>", "length of values (default: 100)", wholeNumber(0, VALUE_BYTES_MAX))
    .option("--seed <seed>", "of what is drawn (default: 1)")
    .option("--token <token>", "bearer token that the server asks for")
    .option("--no-verify", "do not read every key at the end")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + STRESS_EXIT_CODES_HELP)
    .action(stress);
}

function mix(text: string): Mix {
  try {
    return parseMix(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

function names(text: string): readonly string[] {
  const found = text.split(",");
  if (found.every((name) => name !== "") && new Set(found).size === found.length) return found;
  throw new InvalidArgumentError("Expected names with commas between, each once.");
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= SECONDS_MAX) return value;
  throw new InvalidArgumentError(`Expected seconds over 0, up to ${SECONDS_MAX}.`);
}

async function stress(url: string, flags: StressFlags): Promise<void> {
  const { record, json } = flags;
  const Run = await loadRun();
  const file = record === undefined ? null : new RecordFile(record);
  const progress = new Progress();
  let report: StressReport;
  try {
    const recorded = file === null ? {} : { record: file.write };
    const run = new Run({ ...optionsOf(url, flags, progress), ...recorded });
    const interrupt = new Interrupt(() => run.stop());
    report = await run.run();
    process.exitCode = report.problems.length > 0 ? EXIT_FOUND : EXIT_CLEAN;
    if (interrupt.isRequested && report.problems.length === 0) process.exitCode = EXIT_INTERRUPTED;
  } finally {
    progress.clear();
    file?.close();
  }
  if (json === true) printJson({ url, ...report, record: record ?? null });
  else print(foldedText(stressText(url, report, record ?? null)));
}

/**
 * Loads the room with its HTTP client, which only this verb needs and not everybody has installed.
 *
 * @throws BadInput if it is not installed.
 */
async function loadRun(): Promise<typeof StressRun> {
  try {
    return (await import("../stress/index.ts")).StressRun;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing || !(error as Error).message.includes("undici")) throw error;
    throw new BadInput("stress needs the package undici; install it with npm install undici");
  }
}

function optionsOf(url: string, flags: StressFlags, progress: Progress): StressOptions {
  const { record: _, json: __, ...rest } = flags;
  return {
    ...rest,
    url,
    onProgress: (runs) => progress.show({ label: "stress", noun: "requests", runs, runsMax: null }),
  };
}

/**
 * The file that the history goes to. It is opened at once, so that nobody waits for a history that
 * cannot be written, and what it held is dropped when there is something new: not for a wrong
 * address.
 */
class RecordFile {
  readonly #path: string;
  readonly #file: number;
  #isBegun = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = this.#tried(() => openSync(path, "a"));
  }

  readonly write = (text: string): void => {
    this.#tried(() => {
      if (!this.#isBegun && fstatSync(this.#file).isFile()) ftruncateSync(this.#file);
      this.#isBegun = true;
      let rest = Buffer.from(text);
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#file, rest));
    });
  };

  close(): void {
    closeSync(this.#file);
  }

  #tried<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw notWritten(this.#path, error);
    }
  }
}
