import type { Command } from "commander";
import type { HuntResult } from "../hunt/index.ts";
import { realNowMs } from "../task/driver-real-time.ts";
import { printable } from "../task/index.ts";
import { EXIT_CODES_HELP, EXIT_CLEAN, EXIT_FOUND, EXIT_INTERRUPTED } from "./exit.ts";
import { fairness, fileName, gathered, share, wholeNumber } from "./arguments.ts";
import { addDiskFlags } from "./disk-flags.ts";
import { drive, Interrupt } from "./drive.ts";
import { type HuntFlags, type Job, jobsOf } from "./hunt-jobs.ts";
import { type Outcome, outcomeJson, printOutcome, printTotal, saveFindings } from "./outcome.ts";
import { finish, standAt, standAtStart } from "./finish.ts";
import { JsonStream, outliveOutput } from "./output.ts";
import { checkPlaces } from "./places.ts";
import { loadProtocols, PROTOCOL_FILE_HELP } from "./protocol-file.ts";
import type { Pace } from "./progress.ts";
import { noteNotWritten } from "./saved-files.ts";
import { type CrewWork, noteIdle, withCrew, WORKERS_HELP, workersNumber } from "./workers.ts";

const COUNT_MAX = 1_000_000_000;

const EXAMPLES = `
With neither a scenario nor --bug, scenarios are drawn at random. Without
--protocol, a scenario runs under its own protocol if it names one, else under
every right protocol in turn. With --protocol-file the protocols in it run
instead; docs/add-a-protocol.md shows how to write one.

Strategies are portfolio (the default, which is several that take turns),
round-robin, random, swarm, pct, pctD, pos, urw, surw, surw:object, surw:writes,
feedback, dpor, dpor:C, dfs and dfs:C; docs/exploration.md says what each is
good at.

With --crashes the tree is on a disk, with a log: the power fails at any step,
the database is recovered, and what it acknowledged must be there. Scenarios in
memory are put on a disk for that.

Examples:
  latchwork hunt --bug C1 --strategy pct2 --runs 10000 --seed 7
  latchwork hunt scenario.txt --protocol tree-rw --exhaustive --preemptions 2
  latchwork hunt --protocol crabbing --runs 200000
  latchwork hunt --crashes 2 --protocol crabbing --pool 8 --faults 'sync space'
  latchwork hunt scenario.txt --crashes
  latchwork hunt --crashes --partitions 3 --protocol crabbing
  latchwork hunt scenario.txt --protocol-file mine.js
  echo 'task insert 15
  task get 15' | latchwork hunt -
`;

/** Adds the verb `hunt`. */
export function addHunt(program: Command): void {
  const command = program
    .command("hunt")
    .summary("look for a schedule that fails")
    .description("Looks for a schedule that fails, in scenarios given or drawn at random.")
    .argument("[scenarios...]", "scenario files; - is standard input")
    .option("--protocol <name>", "run this protocol only")
    .option("--protocol-file <file>", PROTOCOL_FILE_HELP)
    .option("--bug <id>", "plant this bug of the bank; see latchwork bugs")
    .option(
      "--strategy <name>",
      "portfolio, or one to take turns with others; repeatable",
      gathered,
    )
    .option("--runs <n>", "most schedules (default: 10000)", wholeNumber(1, COUNT_MAX))
    .option("--seed <text>", "what all random choices are drawn from", "1")
    .option("--exhaustive", "run every schedule of the scenario")
    .option("--preemptions <c>", "with --exhaustive: those with at most c", wholeNumber(0, 99))
    .option("--random", "draw scenarios at random")
    .option("--tasks <n>", "random scenarios: most tasks (default: 4)", wholeNumber(2, 16))
    .option("--operations <n>", "most operations a task (default: 3)", wholeNumber(1, 64))
    .option("--keys <n>", "how many keys there are (default: 12)", wholeNumber(1, 1000))
    .option("--skew <share>", "how much they meet, 0 to 1 (default: 0.5)", share)
    .option("--capacity <n>", "most entries a page, 0 for no limit", wholeNumber(0, 65_535))
    .option("--fairness <setting>", "of latches: fifo, writer-preferring, barging", fairness)
    .option("--page-size <bytes>", "a power of two, 512 to 32768", wholeNumber(0, COUNT_MAX));
  addDiskFlags(command)
    .option("--workers <n>", WORKERS_HELP, workersNumber)
    .option("--no-shrink", "show the failure as it was found")
    .option("--check-determinism", "run every schedule twice and compare")
    .option("--trace <file>", "write the trace of the finding; more, numbered", fileName)
    .option("--save <file>", "write the finding as a scenario; more, numbered", fileName)
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + EXIT_CODES_HELP)
    .action(hunt);
}

async function hunt(paths: readonly string[], flags: HuntFlags): Promise<void> {
  standAtStart();
  const interrupt = new Interrupt();
  const own = await loadProtocols(flags.protocolFile);
  const jobs = jobsOf(paths, flags, own.protocols, interrupt.shouldStop);
  checkPlaces(
    paths,
    [
      ["--save", flags.save],
      ["--trace", flags.trace],
    ],
    jobs.length,
  );
  const notes = new Set(jobs.flatMap(({ note }) => note ?? []));
  for (const note of notes) process.stderr.write(`latchwork: ${printable(note)}\n`);
  const outcomes: Outcome[] = [];
  outliveOutput();
  const json = flags.json === true ? new JsonStream("results") : null;
  const take = (outcome: Outcome): void => {
    outcomes.push(outcome);
    standAt({
      isDone: outcomes.length === jobs.length,
      isFound: isAnyFound(outcomes),
      isInterrupted: interrupt.isRequested,
    });
    if (json === null) printOutcome(outcome, own, { isOnly: jobs.length === 1 });
    else json.item(outcomeJson(outcome));
  };
  const { workers = 1 } = flags;
  if (jobs.every(({ plan }) => plan.kind === "scenario")) {
    noteIdle(workers, jobs.length, "a hunt in one scenario under one protocol");
  }
  const byCrew = (crew: CrewWork): Promise<void> => runByCrew(crew, jobs, take);
  const lost = workers > 1 ? await withCrew(workers, own, interrupt, byCrew) : [];
  if (workers === 1) await runOneByOne(jobs, take);
  const isFound = isAnyFound(outcomes);
  const saved = saveFindings(outcomes, own, flags);
  json?.end({ found: isFound, wrote: saved.written });
  if (json === null && jobs.length > 1) printTotal(outcomes);
  if (json === null) saved.print();
  if (!isFound) noteNotWritten([flags.save, flags.trace]);
  const faults = [...lost, ...saved.unwritten];
  if (interrupt.isRequested) await finish(EXIT_INTERRUPTED, faults);
  else await finish(isFound ? EXIT_FOUND : EXIT_CLEAN, faults);
}

function isAnyFound(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ story }) => story !== null);
}

type TakeOutcome = (outcome: Outcome) => void;

/** Makes one hunt after the other, up to one that is interrupted. */
async function runOneByOne(jobs: readonly Job[], take: TakeOutcome): Promise<void> {
  for (const job of jobs) {
    const startedAt = realNowMs();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const result = await drive(job.start(), paceOf(job));
    take(outcomeOf(job, result, startedAt));
    if (result.verdict.interrupted) return;
  }
}

/** Makes all hunts at once; they are taken in their order, up to one that is interrupted. */
async function runByCrew(
  { hunt: start }: CrewWork,
  jobs: readonly Job[],
  take: TakeOutcome,
): Promise<void> {
  // What a hunt takes is the time since the one before was over, so that their sum is the time.
  let startedAt = realNowMs();
  const results = jobs.map((job, priority) => start(job.plan, priority, paceOf(job)));
  // What fails behind the first that fails is not looked at.
  for (const result of results) result.catch(() => undefined);
  for (const [index, job] of jobs.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- in the order of the jobs
    const result = await results[index];
    if (result === undefined) return;
    take(outcomeOf(job, result, startedAt));
    startedAt = realNowMs();
    if (result.verdict.interrupted) return;
  }
}

function paceOf({ label, runsMax }: Job): (runs: number) => Pace {
  return (runs) => ({ label, runs, runsMax });
}

function outcomeOf(job: Job, result: HuntResult, startedAt: number): Outcome {
  const seconds = (realNowMs() - startedAt) / 1000;
  return { job, result, seconds, story: job.storyOf(result) };
}
