import { createPrng, LatchworkError } from "../task/index.ts";
import { runAsync } from "./async-driver.ts";
import { compareRuns, followed, runTwice } from "./determinism.ts";
import { type ExploreOptions, Explorer, type Verdict } from "./explore.ts";
import { type Retelling, retell } from "./retelling.ts";
import { formatSchedule, parseSchedule } from "./schedule.ts";
import { type RunResult, Scheduler } from "./scheduler.ts";
import { type Setup, SetupProgram } from "./setup-program.ts";
import type { Start } from "./simulation.ts";
import { defaultPortfolio, parseStrategy } from "./strategies/index.ts";
import type { Strategy } from "./strategy.ts";
import { Trace } from "./trace.ts";

/** How a program is run; a replay needs the same values as the run it repeats. */
export interface RunOptions {
  /** Whether an unlock or a release is a step of its own. Default false. */
  readonly releaseSteps?: boolean;
  /** Steps after which a run goes on fairly, and after twice as many is a livelock. */
  readonly stepsMax?: number;
  /** Whether all tasks are enabled at step 0 (the default), or a task `main` spawns them. */
  readonly start?: Start;
}

/** How much is explored, and how. */
export interface SimulateOptions extends RunOptions {
  /** One strategy, or several that take turns, some perhaps by name. Default: the portfolio. */
  readonly strategy?: Strategy | string | readonly (Strategy | string)[];
  /** Most schedules to run. Default 1000. */
  readonly runs?: number;
  /** Seed of the strategies that are given by name, or by default. Default 1. */
  readonly seed?: string | number;
  /** Asked between runs; true ends the exploration with a partial verdict. */
  readonly shouldStop?: () => boolean;
  /** Keep going after a failure, to count; the first finding is kept. Default false. */
  readonly keepGoing?: boolean;
  /** Run each schedule twice and report a difference as `nondeterminism`. Default false. */
  readonly checkDeterminism?: boolean;
}

/** A verdict, with the failing schedule in print. */
export interface SimulationVerdict extends Verdict {
  /** What {@link replay} takes to show the failure again, or null if there is none. */
  readonly schedule: string | null;
}

const RUNS_DEFAULT = 1000;
const SEED_DEFAULT = 1;

/**
 * Runs a program under many schedules, until one fails or the budget is used.
 *
 * @throws LatchworkError BAD_ARGUMENT if the setup declares no task, or an async one; UNKNOWN_NAME
 *   for a strategy that there is not; whatever the setup throws.
 */
export function simulate(setup: Setup, options: SimulateOptions = {}): SimulationVerdict {
  const scheduler = new Scheduler(options);
  const program = new SetupProgram(setup, options.start);
  const run = (strategy: Strategy): RunResult =>
    options.checkDeterminism === true
      ? runTwice(scheduler, program, strategy, options)
      : scheduler.run(program, strategy);
  const explorer = new Explorer(scheduler);
  return inPrint(explorer.exploreBy(run, strategiesOf(options), budgetOf(options)));
}

/**
 * Runs a program once, along a schedule as a verdict prints it.
 *
 * @throws LatchworkError BAD_SCHEDULE if the text is no schedule.
 */
export function replay(setup: Setup, scheduleText: string, options: RunOptions = {}): Retelling {
  const wanted = parseSchedule(scheduleText);
  const scheduler = tracedScheduler(options);
  scheduler.run(new SetupProgram(setup, options.start), followed(wanted));
  return retell(scheduler, wanted);
}

/**
 * Runs a program with async tasks under many schedules. As {@link simulate} otherwise.
 *
 * @throws LatchworkError as a rejection, like whatever the setup throws.
 */
export async function simulateAsync(
  setup: Setup,
  options: SimulateOptions = {},
): Promise<SimulationVerdict> {
  const scheduler = new Scheduler(options);
  const program = new SetupProgram(setup, options.start, true);
  const run = async (strategy: Strategy): Promise<RunResult> => {
    if (options.checkDeterminism !== true) return runAsync(scheduler, program, strategy);
    scheduler.trace ??= new Trace();
    await runAsync(scheduler, program, strategy);
    const again = tracedScheduler(options);
    await runAsync(again, program, followed(scheduler.schedule));
    scheduler.failure = compareRuns(scheduler, again) ?? scheduler.failure;
    return scheduler;
  };
  const explorer = new Explorer(scheduler);
  return inPrint(await explorer.exploreAsync(run, strategiesOf(options), budgetOf(options)));
}

/** Runs a program with async tasks once, along a schedule. As {@link replay} otherwise. */
export async function replayAsync(
  setup: Setup,
  scheduleText: string,
  options: RunOptions = {},
): Promise<Retelling> {
  const wanted = parseSchedule(scheduleText);
  const scheduler = tracedScheduler(options);
  await runAsync(scheduler, new SetupProgram(setup, options.start, true), followed(wanted));
  return retell(scheduler, wanted);
}

function tracedScheduler(options: RunOptions): Scheduler {
  const scheduler = new Scheduler(options);
  scheduler.trace = new Trace();
  return scheduler;
}

function budgetOf(options: SimulateOptions): ExploreOptions {
  const runsMax = options.runs ?? RUNS_DEFAULT;
  if (!Number.isSafeInteger(runsMax) || runsMax < 1) {
    throw new LatchworkError(
      "BAD_ARGUMENT",
      `runs: expected a whole number from 1, found ${runsMax}`,
    );
  }
  return { ...options, runsMax };
}

function inPrint(verdict: Verdict): SimulationVerdict {
  const { finding } = verdict;
  return { ...verdict, schedule: finding === null ? null : formatSchedule(finding.schedule) };
}

function strategiesOf({ strategy, seed = SEED_DEFAULT }: SimulateOptions): readonly Strategy[] {
  if (strategy === undefined) return defaultPortfolio(seed);
  const given = isList(strategy) ? strategy : [strategy];
  if (given.length === 0) {
    throw new LatchworkError(
      "BAD_ARGUMENT",
      "strategy: expected at least one, found an empty list",
    );
  }
  return given.map((one) =>
    typeof one === "string" ? parseStrategy(one, createPrng(`${seed}/${one}`)) : one,
  );
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
