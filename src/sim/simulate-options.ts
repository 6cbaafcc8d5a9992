import {
  createPrng,
  disown,
  inWords,
  LatchworkError,
  mustBeFunction,
  optionNames,
  refuseUnknownOptions,
} from "../task/index.ts";
import { shrinkRunsFor } from "./explain-finding.ts";
import type { ExploreOptions, Finding } from "./explore.ts";
import type { SchedulerOptions } from "./program.ts";
import type { Start } from "./simulation.ts";
import { defaultPortfolio, DrawnStrategy, parseStrategy } from "./strategies/index.ts";
import type { Strategy } from "./strategy.ts";

/** How a program is run; a replay needs the same values as the run it repeats. */
export interface RunOptions {
  /** Whether an unlock or a release is a step of its own. Default false. */
  readonly releaseSteps?: boolean;
  /** Steps after which a run goes on fairly, and after twice as many is a livelock. */
  readonly stepsMax?: number;
  /** Whether all tasks are enabled at step 0 (the default), or a task `main` spawns them. */
  readonly start?: Start;
  /** Run each schedule twice and report a difference as `nondeterminism`. Default false. */
  readonly checkDeterminism?: boolean;
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
  /**
   * Whether a failing schedule is made shorter, or most runs to spend on that. Default: up to 1000,
   * and of long runs so many that it takes well under a second; none for schedules that fast-check
   * draws, which it shrinks itself.
   */
  readonly shrink?: boolean | number;
}

const NAMES = optionNames<SimulateOptions>({
  releaseSteps: true,
  stepsMax: true,
  start: true,
  strategy: true,
  runs: true,
  seed: true,
  shouldStop: true,
  keepGoing: true,
  shrink: true,
  checkDeterminism: true,
});
const FLAGS = ["releaseSteps", "keepGoing", "checkDeterminism"] as const;
const STARTS: readonly unknown[] = ["bare", "spawn"] satisfies Start[];

/** Most runs to spend on a finding; 0 if it is not to be made shorter. */
export function shrinkRunsOf({ shrink, strategy }: SimulateOptions, finding: Finding): number {
  if (typeof shrink === "number") return shrink;
  if (shrink === false) return 0;
  if (shrink === undefined && strategy instanceof DrawnStrategy) return 0;
  return shrinkRunsFor(finding);
}

const RUNS_DEFAULT = 1000;
const SEED_DEFAULT = 1;
const COUNT = "a whole number from 1";

/** How much to explore. */
export function budgetOf({ runs, shouldStop, keepGoing = false }: SimulateOptions): ExploreOptions {
  const stopping = shouldStop === undefined ? {} : { shouldStop };
  return { runsMax: runs ?? RUNS_DEFAULT, keepGoing, ...stopping };
}

/** The scheduler's part of the options. */
export function schedulerOptionsOf({ releaseSteps, stepsMax }: RunOptions): SchedulerOptions {
  return {
    ...(releaseSteps === undefined ? {} : { releaseSteps }),
    ...(stepsMax === undefined ? {} : { stepsMax }),
  };
}

/**
 * The strategies that take turns.
 *
 * @throws LatchworkError UNKNOWN_NAME for a name that is none.
 */
export function strategiesOf({
  strategy,
  seed = SEED_DEFAULT,
}: SimulateOptions): readonly Strategy[] {
  if (strategy === undefined) return defaultPortfolio(seed);
  const given = isList(strategy) ? strategy : [strategy];
  return given.map((one) =>
    typeof one === "string" ? parseStrategy(one, createPrng(`${seed}/${one}`)) : one,
  );
}

/**
 * Checks the options of an exploration, or of a replay, which may be given the same.
 *
 * @throws LatchworkError BAD_ARGUMENT in one line, for an unknown option too.
 */
export function checkOptions(options: SimulateOptions): void {
  if (typeof options !== "object" || options === null) {
    throw bad("options", "an object", options);
  }
  refuseUnknownOptions("a simulation", options, NAMES);
  checkCount("runs", options.runs);
  checkCount("stepsMax", options.stepsMax);
  const { start, shouldStop, seed, shrink } = options;
  if (typeof shrink !== "boolean") checkCount("shrink", shrink, `true, false or ${COUNT}`);
  if (start !== undefined && !STARTS.includes(start))
    throw bad("start", '"bare" or "spawn"', start);
  if (shouldStop !== undefined) mustBeFunction("shouldStop", shouldStop, "a function");
  if (seed !== undefined && !["string", "number"].includes(typeof seed)) {
    throw bad("seed", "a text or a number", seed);
  }
  for (const flag of FLAGS) {
    const given = options[flag];
    if (given !== undefined && typeof given !== "boolean") throw bad(flag, "true or false", given);
  }
}

function checkCount(name: string, given: number | undefined, expected = COUNT): void {
  if (given === undefined || (Number.isSafeInteger(given) && given >= 1)) return;
  throw bad(name, expected, given);
}

function bad(name: string, expected: string, found: unknown): LatchworkError {
  disown(found);
  return new LatchworkError(
    "BAD_ARGUMENT",
    `${name}: expected ${expected}, found ${inWords(found)}`,
  );
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
