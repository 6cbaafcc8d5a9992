import { isatty } from "node:tty";
import { type Command, InvalidArgumentError } from "commander";
import { realNowMs } from "../../task/driver-real-time.ts";
import {
  type CrashRule,
  HISTORY_FORMATS,
  type HistoryFormat,
  MODEL_NAMES,
  modelNamed,
  readHistory,
  type ScanRule,
} from "../../linearizability/index.ts";
import { printable } from "../../task/index.ts";
import { oneOf, wholeNumber } from "../arguments.ts";
import { modelsHelp, nullReadsOf } from "./models.ts";
import type { CheckReport, CheckRequest, NilRule } from "./report.ts";
import { type PictureFlags, savePictures } from "./pictures.ts";
import { reportJson, reportText, savedText, totalText } from "./report-text.ts";
import { CheckThread } from "./check-thread.ts";
import { checkPlaces } from "../places.ts";
import {
  BadInput,
  CHECK_EXIT_CODES_HELP,
  EXIT_BAD_INPUT,
  EXIT_CLEAN,
  EXIT_FOUND,
  EXIT_INTERRUPTED,
  EXIT_NOT_WRITTEN,
  EXIT_UNKNOWN,
  type NotWritten,
} from "../exit.ts";
import { STANDARD_INPUT } from "../files.ts";
import { outliveOutput, outputFault, print, printJson, unwrittenText } from "../output.ts";

const STANDARD_INPUT_FD = 0;
const MB = 1024 * 1024;
const MEMORY_MB_MAX = 1_000_000;
const THREADS_MAX = 64;
const TIMEOUT_S_MAX = 1_000_000;
const FORMATS: readonly (HistoryFormat | "auto")[] = ["auto", ...HISTORY_FORMATS];
const NILS: readonly NilRule[] = ["absent", "unknown"];
const SCANS: readonly ScanRule[] = ["atomic", "per-key"];
const CRASHES: readonly CrashRule[] = ["durable", "strict", "buffered", "ignored"];

interface CheckFlags extends PictureFlags {
  readonly model?: string;
  readonly initial?: { readonly value: unknown };
  readonly format?: HistoryFormat | "auto";
  readonly independent?: boolean;
  readonly scan?: ScanRule;
  readonly nil?: NilRule;
  readonly halfOpen?: boolean;
  readonly crash?: CrashRule;
  readonly partition: boolean;
  readonly timeout?: number;
  readonly memory?: number;
  readonly threads?: number;
  readonly witness?: boolean;
  readonly explain?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Models, and the operations that they read:
${modelsHelp()}
A file may be compressed with gzip. Without FILE, standard input is read if it is no terminal.
Without --timeout a check may take any time; Ctrl-C ends it and says how far it got.

Examples:
  latchwork check run.jsonl --model kv
  latchwork check run.jsonl --model kv --explain --html run.html
  latchwork check run.jsonl --model kv --scan per-key --timeout 60
  latchwork check histories/*.edn --model knossos-cas-register --json
  zcat run.jsonl.gz | latchwork check --model register --initial 0
`;

/** Adds the verb `check`. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .summary("check whether histories are linearizable")
    .description(
      "Checks whether histories are linearizable: whether some order of the operations explains " +
        "every answer and agrees with real time.",
    )
    .argument("[files...]", "history files; - is standard input")
    .option("--model <name>", "what the object does; the models are listed below", model)
    .option("--initial <json>", "what it starts with, in place of the usual", json)
    .option("--format <name>", `${FORMATS.join(", ")} (default: auto)`, oneOf(FORMATS))
    .option("--independent", "in EDN, each value is a pair of key and value")
    .option("--scan <rule>", "atomic or per-key (default: atomic)", oneOf(SCANS))
    .option("--nil <rule>", "what a read of null says: absent or unknown", oneOf(NILS))
    .option("--half-open", "scans leave out the high end of their range")
    .option("--crash <rule>", `${CRASHES.join(", ")} (default: durable)`, oneOf(CRASHES))
    .option("--no-partition", "check all keys at once, even where one by one would do")
    .option("--timeout <s>", "most seconds for the check of a file", seconds)
    .option(
      "--memory <mb>",
      "most memory for its search (default: half of what is free)",
      wholeNumber(1, MEMORY_MB_MAX),
    )
    .option(
      "--threads <n>",
      "most threads for a long check (default: one for each core, up to 8)",
      wholeNumber(1, THREADS_MAX),
    )
    .option("--witness", "print the order that explains a linearizable history")
    .option("--explain", "explain why a history is not linearizable, by a few operations")
    .option("--html <file>", "draw the history as a page; of more files, numbered", fileName)
    .option("--svg <file>", "draw it as a picture to print; of more, numbered", fileName)
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + CHECK_EXIT_CODES_HELP)
    .action(check);
}

function fileName(text: string): string {
  if (text === STANDARD_INPUT) {
    throw new InvalidArgumentError("A picture is written to a file; give its name.");
  }
  if (text !== "") return text;
  throw new InvalidArgumentError("Expected the name of a file.");
}

function model(name: string): string {
  if (MODEL_NAMES.includes(name)) return name;
  throw new InvalidArgumentError(`Expected ${MODEL_NAMES.join(", ")}.`);
}

/** Reads a value as a history does: what histories refuse could never be found in one. */
function json(text: string): { readonly value: unknown } {
  try {
    JSON.parse(text);
  } catch {
    throw new InvalidArgumentError(`Expected JSON, such as 0, null or '"text"'.`);
  }
  const value = text.replaceAll(/[\r\n]/g, " ");
  const line = `{"process":0,"type":"invoke","f":"start","value":${value}}`;
  return { value: readHistory(line, { file: "--initial" }).operations[0]?.input };
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= TIMEOUT_S_MAX) return value;
  throw new InvalidArgumentError(`Expected seconds over 0, up to ${TIMEOUT_S_MAX}.`);
}

async function check(named: readonly string[], flags: CheckFlags): Promise<void> {
  const paths = pathsOf(named);
  const requests = paths.map((path) => requestOf(path, flags));
  checkPlaces(paths, [
    ["--html", flags.html],
    ["--svg", flags.svg],
  ]);
  const startedAt = realNowMs();
  const thread = new CheckThread();
  const reports: CheckReport[] = [];
  const printed: object[] = [];
  const isOnly = paths.length === 1;
  const unwritten: NotWritten[] = [];
  outliveOutput();
  try {
    for (const [index, request] of requests.entries()) {
      if (thread.isInterrupted) break;
      const report = await thread.check(request);
      reports.push(report);
      process.exitCode = thread.isInterrupted
        ? EXIT_INTERRUPTED
        : exitCodeSoFar(reports, paths.length);
      if (report.verdict === "bad-input") complain(report.problem ?? "");
      else if (flags.json !== true) print(reportText(report, request, { isOnly }));
      for (const warning of report.warnings) complain(`${report.file}: ${warning}`);
      const saved = savePictures(report, index, flags, (fault) => unwritten.push(fault));
      if (flags.json === true) printed.push(reportJson(report, saved));
      else print(savedText(saved));
    }
  } finally {
    await thread.close();
  }
  if (flags.json === true) printJson({ files: printed });
  else if (!isOnly) {
    const untried = paths.length - reports.length;
    print(totalText(reports, untried, (realNowMs() - startedAt) / 1000));
  }
  for (const fault of unwritten) complain(fault.message);
  const fault = await outputFault();
  if (fault !== null) complain(unwrittenText(fault));
  const areSaved = unwritten.length === 0 && fault === null;
  process.exitCode = thread.isInterrupted ? EXIT_INTERRUPTED : exitCode(reports, areSaved);
}

function pathsOf(named: readonly string[]): readonly string[] {
  if (named.filter((path) => path === STANDARD_INPUT).length > 1) {
    throw new BadInput("standard input can be read only once; give - once");
  }
  if (named.length > 0) return named;
  if (isatty(STANDARD_INPUT_FD)) throw new BadInput("no file; name one, or pipe a history in");
  return [STANDARD_INPUT];
}

function requestOf(path: string, flags: CheckFlags): CheckRequest {
  if (flags.model === undefined) {
    throw new BadInput(`--model is missing; expected one of ${MODEL_NAMES.join(", ")}`);
  }
  const initial = flags.initial?.value;
  // Refuses what the model cannot start with, before any file is read.
  modelNamed(flags.model, { initial, nullReads: nullReadsOf(flags.nil ?? null) });
  return {
    path,
    model: flags.model,
    initial,
    nil: flags.nil ?? null,
    halfOpen: flags.halfOpen ?? false,
    format: flags.format ?? "auto",
    independent: flags.independent ?? false,
    scan: flags.scan ?? "atomic",
    crash: flags.crash ?? "durable",
    partition: flags.partition,
    timeMs: flags.timeout === undefined ? null : flags.timeout * 1000,
    memoryBytes: flags.memory === undefined ? process.availableMemory() / 2 : flags.memory * MB,
    threads: flags.threads ?? null,
    witness: flags.witness ?? false,
    explain: flags.explain ?? false,
    html: flags.html !== undefined,
    svg: flags.svg !== undefined,
  };
}

function complain(fault: string): void {
  process.stderr.write(`latchwork: ${printable(fault)}\n`);
}

/**
 * The exit code if the output's reader goes away now: files that were not judged do not count as
 * right.
 */
function exitCodeSoFar(reports: readonly CheckReport[], files: number): number {
  const code = exitCode(reports, true);
  return code === EXIT_CLEAN && reports.length < files ? EXIT_NOT_WRITTEN : code;
}

/** "Not linearizable" weighs most, as it is final; then lost output, then files not judged. */
function exitCode(reports: readonly CheckReport[], areSaved: boolean): number {
  const has = (verdict: CheckReport["verdict"]): boolean =>
    reports.some((report) => report.verdict === verdict);
  if (has("not-linearizable")) return EXIT_FOUND;
  if (!areSaved) return EXIT_NOT_WRITTEN;
  if (has("bad-input")) return EXIT_BAD_INPUT;
  return has("unknown") ? EXIT_UNKNOWN : EXIT_CLEAN;
}
