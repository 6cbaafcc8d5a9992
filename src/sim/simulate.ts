import { createPrng } from "../task/index.ts";
import { Explorer, type Verdict } from "./explore.ts";
import { type Retelling, retell } from "./retelling.ts";
import { formatSchedule, parseSchedule } from "./schedule.ts";
import { Scheduler } from "./scheduler.ts";
import { type Setup, SetupProgram } from "./setup-program.ts";
import type { Start } from "./simulation.ts";
import { RandomStrategy } from "./strategies/random.ts";
import { ReplayStrategy } from "./strategies/replay.ts";
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
  /** One strategy, or several that take turns. Default: a uniformly random one. */
  readonly strategy?: Strategy | readonly Strategy[];
  /** Most schedules to run. Default 1000. */
  readonly runs?: number;
  /** Seed of the default strategy. Default 1. */
  readonly seed?: string | number;
  /** Asked between runs; true ends the exploration with a partial verdict. */
  readonly shouldStop?: () => boolean;
  /** Keep going after a failure, to count; the first finding is kept. Default false. */
  readonly keepGoing?: boolean;
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
 * @throws LatchworkError BAD_ARGUMENT if the setup declares no task; whatever the setup throws.
 */
export function simulate(setup: Setup, options: SimulateOptions = {}): SimulationVerdict {
  const explorer = new Explorer(new Scheduler(options));
  const program = new SetupProgram(setup, options.start);
  const runsMax = options.runs ?? RUNS_DEFAULT;
  const verdict = explorer.explore(program, strategiesOf(options), { ...options, runsMax });
  const finding = verdict.finding;
  return { ...verdict, schedule: finding === null ? null : formatSchedule(finding.schedule) };
}

/**
 * Runs a program once, along a schedule as a verdict prints it.
 *
 * @throws LatchworkError BAD_SCHEDULE if the text is no schedule.
 */
export function replay(setup: Setup, scheduleText: string, options: RunOptions = {}): Retelling {
  const wanted = parseSchedule(scheduleText);
  const scheduler = new Scheduler(options);
  const trace = new Trace();
  scheduler.trace = trace;
  const strategy = new ReplayStrategy(wanted);
  strategy.beginRun();
  scheduler.run(new SetupProgram(setup, options.start), strategy);
  return retell(scheduler, trace, wanted);
}

function strategiesOf({ strategy, seed }: SimulateOptions): readonly Strategy[] {
  if (strategy === undefined) return [new RandomStrategy(createPrng(seed ?? SEED_DEFAULT))];
  return isList(strategy) ? strategy : [strategy];
}

function isList(given: Strategy | readonly Strategy[]): given is readonly Strategy[] {
  return Array.isArray(given);
}
