import type { Command } from "commander";
import { type Bug, bugNamed, BUGS, formatScenario, scenarioOfBug } from "../hunt/index.ts";
import { wholeNumber } from "./arguments.ts";
import { BadInput, EXIT_CLEAN, EXIT_CODES_HELP, EXIT_FOUND, EXIT_INTERRUPTED } from "./exit.ts";
import { Interrupt } from "./drive.ts";
import { paragraph, table } from "./layout.ts";
import { finish, standAtStart } from "./finish.ts";
import { JsonStream, outliveOutput, print, printJson } from "./output.ts";
import { loadProtocols, PROTOCOL_FILE_HELP } from "./protocol-file.ts";
import { matrixRows } from "./matrix-table.ts";
import { isAsExpected, surveyRows } from "./survey-table.ts";
import { WORKERS_HELP, workersNumber } from "./workers.ts";

interface BugsFlags {
  readonly hunt?: boolean;
  readonly matrix?: boolean;
  readonly seeds?: number;
  readonly runs?: number;
  readonly seed: string;
  readonly protocolFile?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

const RUNS_DEFAULT = 10_000;
/** Of each hunt of a matrix, of which there are thousands. */
const RUNS_OF_MATRIX = 1000;
const SEEDS_DEFAULT = 50;
const SEEDS_MOST = 10_000;
const RUNS_MOST = 1_000_000_000;

const EXAMPLES = `
Examples:
  latchwork bugs
  latchwork bugs C1
  latchwork bugs --hunt
  latchwork bugs --hunt --protocol-file mine.js
  latchwork bugs --hunt --matrix --seeds 10
  latchwork bugs C1 --hunt --matrix
`;

const HUNT_EXIT_CODES = `
With --hunt the exit code is 0 only if every planted bug was found and shrunk
within its limit, and no decoy and no right protocol was reported; else 1. Right
protocols run on the scenarios of all bugs; on those with a disk with a
twentieth of the schedules, since these take so much longer.

With --matrix each planted bug is hunted with each strategy by itself, and with
the portfolio, from several seeds; what is printed is how many schedules it takes
to find it. Nothing is expected of that, so the exit code is 0.
`;

/** Adds the verb `bugs`. */
export function addBugs(program: Command): void {
  program
    .command("bugs")
    .summary("list the planted bugs, or hunt them all")
    .description("Lists the bug bank, shows one bug, or hunts every bug, decoy and right protocol.")
    .argument("[id]", "show this bug in full")
    .option("--hunt", "hunt all of them and print the table")
    .option("--matrix", "with --hunt: compare strategies on all planted bugs, or on one")
    .option("--seeds <n>", "with --matrix: hunts each (default: 50)", wholeNumber(1, SEEDS_MOST))
    .option(
      "--runs <n>",
      "most schedules each (default: 10000, of a matrix 1000)",
      wholeNumber(1, RUNS_MOST),
    )
    .option("--seed <text>", "what all random choices are drawn from", "1")
    .option("--protocol-file <file>", `with --hunt: also ${PROTOCOL_FILE_HELP}`)
    .option("--workers <n>", `with --hunt: ${WORKERS_HELP}`, workersNumber)
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + EXIT_CODES_HELP + HUNT_EXIT_CODES)
    .action(bugs);
}

async function bugs(id: string | undefined, flags: BugsFlags): Promise<void> {
  if (flags.protocolFile !== undefined && flags.hunt !== true) {
    throw new BadInput("--protocol-file is of bugs --hunt; for one hunt: latchwork hunt");
  }
  refuseContradictions(flags);
  if (flags.matrix === true) await huntMatrix(id, flags);
  else if (flags.hunt === true) {
    if (id !== undefined) {
      throw new BadInput(`bugs --hunt hunts them all; for one: latchwork hunt --bug ${id}`);
    }
    await huntAll(flags);
  } else if (id !== undefined) showOne(bugNamed(id), flags);
  else listAll(flags);
}

function refuseContradictions(flags: BugsFlags): void {
  if (flags.matrix === true && flags.hunt !== true) {
    throw new BadInput("--matrix is of bugs --hunt; give both");
  }
  if (flags.workers !== undefined && flags.hunt !== true) {
    throw new BadInput("--workers is of bugs --hunt; without it there is nothing to run");
  }
  if (flags.seeds !== undefined && flags.matrix !== true) {
    throw new BadInput("--seeds is of bugs --hunt --matrix; a survey has one --seed");
  }
  if (flags.protocolFile !== undefined && flags.matrix === true) {
    throw new BadInput("--matrix compares strategies on planted bugs; leave out --protocol-file");
  }
}

function listAll(flags: BugsFlags): void {
  if (flags.json === true) {
    printJson({ bugs: BUGS.map(bugJson) });
    return;
  }
  const rows = BUGS.map((bug) => [
    bug.id,
    bug.kind,
    partOf(bug),
    bug.protocol,
    bug.preemptions === null ? "-" : String(bug.preemptions),
    bug.title,
  ]);
  print(table([["id", "kind", "part", "protocol", "P", "title"], ...rows], { flexible: [5] }));
  const legend =
    "A bug of the tree is one of its protocol; one of the engine, of log, pages or recovery, is " +
    "hunted with crashes. P is the fewest preemptions that show it. latchwork bugs <id> shows " +
    "one in full.";
  print(`\n${paragraph(legend)}\n`);
}

function showOne(bug: Bug, flags: BugsFlags): void {
  if (flags.json === true) {
    printJson(bugJson(bug));
    return;
  }
  print(`${paragraph(`${bug.id}: ${bug.title}`)}\n`);
  const where = partOf(bug) === "tree" ? bug.protocol : `the engine, under ${bug.protocol}`;
  print(`${paragraph(`${bug.kind} of ${where}, ${preemptionsOf(bug)}`)}\n\n`);
  print(`${paragraph(bug.explanation)}\n\n${paragraph(`provenance: ${bug.provenance}`)}\n\n`);
  print(formatScenario(scenarioOfBug(bug)));
  print(`\nhunt it with\n  latchwork hunt --bug ${bug.id}\n`);
}

/** Where it is planted. */
function partOf(bug: Bug): "engine" | "tree" {
  return bug.parts === undefined ? "tree" : "engine";
}

function preemptionsOf(bug: Bug): string {
  if (bug.preemptions === null) return "which must not be reported";
  const plural = bug.preemptions === 1 ? "preemption is" : "preemptions are";
  return `${bug.preemptions} ${plural} enough to show it`;
}

function bugJson(bug: Bug): object {
  const { id, kind, protocol, preemptions, title, explanation, provenance } = bug;
  const scenario = formatScenario(scenarioOfBug(bug));
  return {
    id,
    kind,
    part: partOf(bug),
    protocol,
    preemptions,
    title,
    explanation,
    provenance,
    scenario,
  };
}

async function huntAll(flags: BugsFlags): Promise<void> {
  standAtStart();
  const interrupt = new Interrupt();
  outliveOutput();
  const own = await loadProtocols(flags.protocolFile);
  const json = flags.json === true ? new JsonStream("rows") : null;
  const { seed, runs: runsMax = RUNS_DEFAULT, workers = 1 } = flags;
  const { rows, lost } = await surveyRows({ seed, runsMax, workers, json, own }, interrupt);
  const ok = lost.length === 0 && isAsExpected(rows, interrupt);
  json?.end({ ok, interrupted: interrupt.isRequested });
  if (interrupt.isRequested) await finish(EXIT_INTERRUPTED, lost);
  else await finish(isAsExpected(rows, interrupt) ? EXIT_CLEAN : EXIT_FOUND, lost);
}

async function huntMatrix(id: string | undefined, flags: BugsFlags): Promise<void> {
  const bug = id === undefined ? null : bugNamed(id);
  if (bug?.kind === "decoy") {
    throw new BadInput(`${bug.id} is a decoy, in which there is nothing to find`);
  }
  standAtStart();
  const interrupt = new Interrupt();
  outliveOutput();
  const json = flags.json === true ? new JsonStream("rows") : null;
  const { seed, seeds = SEEDS_DEFAULT, runs: runsMax = RUNS_OF_MATRIX, workers = 1 } = flags;
  const lost = await matrixRows({ seed, seeds, runsMax, bug, workers, json }, interrupt);
  json?.end({ seeds, runs: runsMax, interrupted: interrupt.isRequested });
  await finish(interrupt.isRequested ? EXIT_INTERRUPTED : EXIT_CLEAN, lost);
}
