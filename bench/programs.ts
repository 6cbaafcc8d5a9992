/**
 * How many schedules each strategy needs to the first failure of each benchmark program.
 *
 * With a spawning main task, Shuttle's figure for the same program stands beside ours. It is no
 * target: the two agree where they count the same steps, and differ by chance and by what is a step
 * (here a blocked request is none, and URW's dry run counts as a schedule). The bare start, in which
 * all tasks are there from the first step, has no peer. Last come the default portfolio, and how
 * many times as many it needs as the best single strategy. Values are means over the seeds that found
 * the bug; the spread is the standard error of the mean.
 *
 *     npm run bench:programs -- [--json] [--seeds=N] [--only=NAME] [--strategies=NAME,NAME]
 */
import { MATRIX_STRATEGIES } from "../src/hunt/index.ts";
import {
  defaultPortfolio,
  Explorer,
  parseStrategy,
  Scheduler,
  SetupProgram,
  type Start,
  type Strategy,
} from "../src/sim/index.ts";
import { createPrng } from "../src/task/index.ts";
import { BENCHMARK_PROGRAMS, type BenchmarkProgram } from "../test/sim/programs/index.ts";
import { Bench, type Measurement } from "./harness.ts";
import { acceptWords, wordOption } from "./options.ts";
import { type Published, SHUTTLE_FIGURES } from "./shuttle-figures.ts";

const USAGE =
  "npm run bench:programs -- [--json] [--seeds=N] [--only=NAME] [--strategies=NAME,NAME]";
const SCHEDULES_MAX = 10_000;
const SEEDS = 200;
/** Where a run takes long and a seed many runs, fewer seeds must do. */
const SEEDS_OF_LARGE: Readonly<Record<string, number>> = {
  reorder_10: 50,
  reorder_20: 20,
  reorder_100: 10,
  twostage_20: 50,
  twostage_100: 5,
};
const PORTFOLIO = "portfolio";
/** Those of the matrix, the portfolio last, since it is compared with the best of the others. */
const STRATEGIES = [...MATRIX_STRATEGIES.filter((name) => name !== PORTFOLIO), "dfs", PORTFOLIO];

/** What runs that end well only warn of. */
const WARNINGS = ["potential-deadlock", "latch-order"];

interface Job {
  readonly program: BenchmarkProgram;
  readonly start: Start;
  readonly strategy: string;
  readonly seeds: number;
}

function jobsOf(words: readonly string[]): Job[] {
  const only = wordOption(words, "only");
  const seeds = wordOption(words, "seeds");
  const strategies = wordOption(words, "strategies")?.split(",") ?? STRATEGIES;
  return BENCHMARK_PROGRAMS.filter(({ name }) => only === undefined || name === only).flatMap(
    (program) =>
      startsOf(program).flatMap((start) =>
        strategies.map((strategy) => ({
          program,
          start,
          strategy,
          seeds: seedsFor(program.name, strategy, seeds),
        })),
      ),
  );
}

/** A program whose main task is one of its own has only one start. */
function startsOf(program: BenchmarkProgram): Start[] {
  return program.start === "bare" ? ["bare"] : ["spawn", "bare"];
}

function seedsFor(program: string, strategy: string, asked: string | undefined): number {
  if (strategy.startsWith("dfs")) return 1;
  return asked === undefined ? (SEEDS_OF_LARGE[program] ?? SEEDS) : Number(asked);
}

/** Schedules to the first failure, dry runs included, or null if the cap or the end came first. */
function schedulesToFailure({ program, start, strategy: name }: Job, seed: number): number | null {
  const runnable = new SetupProgram(program.broken, start);
  const explorer = new Explorer(new Scheduler({ releaseSteps: true }));
  const budget = { runsMax: SCHEDULES_MAX };
  const { finding } = explorer.explore(runnable, strategiesNamed(name, seed), budget);
  return finding === null || WARNINGS.includes(finding.failure.kind) ? null : finding.runs;
}

function strategiesNamed(name: string, seed: number): Strategy[] {
  return name === PORTFOLIO ? defaultPortfolio(seed) : [parseStrategy(name, createPrng(seed))];
}

/** What is wrong with the names of strategies, in one line; null if nothing is. */
function unknownStrategy(names: string | undefined): string | null {
  for (const name of names?.split(",") ?? []) {
    try {
      strategiesNamed(name, 0);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return null;
}

/** The fewest schedules that any single strategy needed for a program, in the order of the jobs. */
class Best {
  #program = "";
  #strategy = "";
  #mean = SCHEDULES_MAX;

  note({ program, start, strategy }: Job, { value }: Measurement): void {
    const name = `${program.name} ${start}`;
    if (name !== this.#program) this.#mean = SCHEDULES_MAX;
    this.#program = name;
    if (strategy === PORTFOLIO || value >= this.#mean) return;
    this.#mean = value;
    this.#strategy = strategy;
  }

  /** How many times as many the portfolio needed. The portfolio comes last of a program's. */
  ratio({ program, start }: Job, { value }: Measurement): Measurement {
    const way = program.start === start ? "" : ` ${start}`;
    return {
      name: `${program.name}${way} ${PORTFOLIO} / ${this.#strategy}`,
      value: value / this.#mean,
      unit: "times",
      spread: 0,
    };
  }
}

function measure(job: Job, onSeed: () => void): Measurement {
  const found: number[] = [];
  for (let seed = 0; seed < job.seeds; seed++) {
    const schedules = schedulesToFailure(job, seed);
    if (schedules !== null) found.push(schedules);
    onSeed();
  }
  return measurementOf(job, found);
}

function measurementOf(job: Job, found: readonly number[]): Measurement {
  const { program, start, strategy, seeds } = job;
  const peer = program.start === start ? SHUTTLE_FIGURES[program.name]?.[strategy] : undefined;
  const way = program.start === start ? "" : ` ${start}`;
  const counts = `${found.length} of ${seeds}`;
  const beside = peer === undefined ? "" : `; Shuttle ${describePeer(peer)}`;
  const { mean, error } = summaryOf(found);
  return {
    name: `${program.name}${way} ${strategy} (${counts}${beside})`,
    value: mean,
    unit: "schedules",
    spread: error,
  };
}

function describePeer({ mean, found, seeds }: Published): string {
  return found === seeds ? String(mean) : `${mean}, ${found} of ${seeds}`;
}

/** Where no seed found anything, the value is the cap: the true mean lies above it. */
function summaryOf(found: readonly number[]): { readonly mean: number; readonly error: number } {
  if (found.length === 0) return { mean: SCHEDULES_MAX, error: 0 };
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  if (found.length === 1) return { mean, error: 0 };
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (found.length - 1) / found.length) };
}

/** Shows on a terminal how long it will take; a file gets nothing. */
function showProgress(done: number, total: number, what: string, startedMs: number): void {
  if (!process.stderr.isTTY) return;
  const leftSeconds = Math.ceil((((performance.now() - startedMs) / done) * (total - done)) / 1000);
  const line = `${done} of ${total} seeds, about ${leftSeconds} s left: ${what}`;
  process.stderr.write(`\r${line.padEnd(78)}${done === total ? `\r${" ".repeat(78)}\r` : ""}`);
}

function main(words: readonly string[]): void {
  acceptWords(words, USAGE);
  const seeds = wordOption(words, "seeds") ?? "1";
  if (!/^[1-9]\d{0,5}$/.test(seeds)) {
    console.error(`--seeds: expected a whole number from 1 up, found ${seeds}`);
    process.exitCode = 2;
    return;
  }
  const unknown = unknownStrategy(wordOption(words, "strategies"));
  if (unknown !== null) {
    console.error(`--strategies: ${unknown}`);
    process.exitCode = 2;
    return;
  }
  const jobs = jobsOf(words);
  if (jobs.length === 0) {
    console.error(`--only: expected one of ${BENCHMARK_PROGRAMS.map((p) => p.name).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const bench = new Bench("schedules to the first failure, beside Shuttle", {
    seed: 0,
    repeats: Math.max(...jobs.map((job) => job.seeds)),
  });
  const total = jobs.reduce((sum, job) => sum + job.seeds, 0);
  const startedMs = performance.now();
  let done = 0;
  const best = new Best();
  for (const job of jobs) {
    const what = `${job.program.name} ${job.start} ${job.strategy}`;
    const figure = measure(job, () => showProgress(++done, total, what, startedMs));
    bench.add(figure);
    best.note(job, figure);
    if (job.strategy === PORTFOLIO) bench.add(best.ratio(job, figure));
  }
  bench.finish(words);
}

main(process.argv.slice(2));
