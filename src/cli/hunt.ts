import type { Command } from "commander";
import { realNowMs } from "../task/driver-real-time.ts";
import { printable } from "../task/index.ts";
import { EXIT_CODES_HELP, EXIT_CLEAN, EXIT_FOUND, EXIT_INTERRUPTED } from "./exit.ts";
import { fairness, fileName, gathered, once, share, wholeNumber } from "./arguments.ts";
import { addDiskFlags } from "./disk-flags.ts";
import { drive, Interrupt } from "./drive.ts";
import { type HuntFlags, type Job, jobsOf } from "./hunt-jobs.ts";
import { type Outcome, outcomeJson, printOutcome, printTotal, saveFindings } from "./outcome.ts";
import { finish, standAt, standAtStart } from "./finish.ts";
import { JsonStream, outliveOutput } from "./output.ts";
import { checkPlaces } from "./places.ts";
import { loadProtocols, PROTOCOL_FILE_HELP } from "./protocol-file.ts";
import { noteNotWritten } from "./saved-files.ts";

const COUNT_MAX = 1_000_000_000;

const EXAMPLES = `
With neither a scenario nor --bug, scenarios are drawn at random. Without
--protocol, a scenario runs under its own protocol if it names one, else under
every right protocol in turn. With --protocol-file the protocols in it run
instead; docs/add-a-protocol.md shows how to write one.

Strategies are portfolio (the default, which is several that take turns),
round-robin, random, swarm, pct, pctD, pos, urw, surw, surw:object, surw:writes,
feedback, dfs and dfs:C; docs/exploration.md says what each is good at.

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
    .option("--protocol-file <file>", PROTOCOL_FILE_HELP, once(String))
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
    .option("--no-shrink", "show the failure as it was found")
    .option("--check-determinism", "run every schedule twice and compare")
    .option("--trace <file>", "write the trace of the finding; more, numbered", once(fileName))
    .option("--save <file>", "write the finding as a scenario; more, numbered", once(fileName))
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
  for (const job of jobs) {
    const outcome = await run(job);
    outcomes.push(outcome);
    standAt({
      isDone: outcomes.length === jobs.length,
      isFound: isAnyFound(outcomes),
      isInterrupted: interrupt.isRequested,
    });
    if (json === null) printOutcome(outcome, own, { isOnly: jobs.length === 1 });
    else json.item(outcomeJson(outcome));
    if (outcome.result.verdict.interrupted) break;
  }
  const isFound = isAnyFound(outcomes);
  const saved = saveFindings(outcomes, own, flags);
  json?.end({ found: isFound, wrote: saved.written });
  if (json === null && jobs.length > 1) printTotal(outcomes);
  if (json === null) saved.print();
  if (!isFound) noteNotWritten([flags.save, flags.trace]);
  if (interrupt.isRequested) await finish(EXIT_INTERRUPTED, saved.unwritten);
  else await finish(isFound ? EXIT_FOUND : EXIT_CLEAN, saved.unwritten);
}

function isAnyFound(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ story }) => story !== null);
}

async function run(job: Job): Promise<Outcome> {
  const startedAt = realNowMs();
  const result = await drive(job.start(), (runs) => ({
    label: job.label,
    runs,
    runsMax: job.runsMax,
  }));
  const seconds = (realNowMs() - startedAt) / 1000;
  return { job, result, seconds, story: job.storyOf(result) };
}
