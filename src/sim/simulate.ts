import { inWords, LatchworkError } from "../task/index.ts";
import { runAsync } from "./async-driver.ts";
import { SliceRecorder } from "./causal-slice.ts";
import { compareRuns, followed, runTwice } from "./determinism.ts";
import { type Explained, explainingFinding, type ShrunkFinding } from "./explain-finding.ts";
import { Explorer, type Verdict } from "./explore.ts";
import { type FailedRun, failedRunOf } from "./failed-run.ts";
import type { Program } from "./scheduler.ts";
import { type Retelling, retell } from "./retelling.ts";
import { formatSchedule, parseSchedule, type Schedule } from "./schedule.ts";
import { type RunResult, Scheduler } from "./scheduler.ts";
import { type Setup, SetupProgram } from "./setup-program.ts";
import { runsOf, searched, searchedAsync } from "./shrink-schedule.ts";
import {
  budgetOf,
  checkOptions,
  type RunOptions,
  schedulerOptionsOf,
  shrinkRunsOf,
  type SimulateOptions,
  strategiesOf,
} from "./simulate-options.ts";
import type { Strategy } from "./strategy.ts";
import { Trace } from "./trace.ts";

/** A verdict, with the failing schedule in print. */
export interface SimulationVerdict extends Verdict {
  /**
   * What {@link replay} takes to show the failure again, or null if there is none: that of
   * `shrunk`, or else of the finding.
   */
  readonly schedule: string | null;
  /** The finding at its shortest; null if there is none, or it was not made shorter. */
  readonly shrunk: ShrunkFinding | null;
}

/**
 * Runs a program under many schedules, until one fails or the budget is used.
 *
 * Whatever function it is given is called and its result looked at: one that gives a promise or a
 * generator where neither can be run is refused, and never taken for one that went well.
 *
 * @throws LatchworkError BAD_ARGUMENT if the setup declares no task, for a final check that cannot
 *   be run, or for an option that is none; NEEDS_ASYNC if a task or the check is async;
 *   UNKNOWN_NAME for a strategy that there is not; whatever the setup throws.
 */
export function simulate(setup: Setup, options: SimulateOptions = {}): SimulationVerdict {
  checkOptions(options);
  const scheduler = new Scheduler(schedulerOptionsOf(options));
  const program = new SetupProgram(setup, options.start);
  const run = (strategy: Strategy): RunResult => runUnder(scheduler, program, strategy, options);
  const explorer = new Explorer(scheduler);
  const verdict = explorer.exploreBy(run, strategiesOf(options), budgetOf(options));
  const { finding } = verdict;
  if (finding === null) return inPrint(verdict, null);
  const explaining = explainingFinding(finding, scheduler, shrinkRunsOf(options, finding));
  return inPrint(verdict, searched(explaining, runsOf(scheduler, program)));
}

/**
 * Runs a program once, along a schedule as a verdict prints it.
 *
 * @throws LatchworkError BAD_SCHEDULE if the text is no schedule.
 */
export function replay(setup: Setup, scheduleText: string, options: RunOptions = {}): Retelling {
  const wanted = scheduleIn(scheduleText, options);
  const scheduler = tracedScheduler(options);
  const recorder = new SliceRecorder(scheduler);
  runUnder(scheduler, new SetupProgram(setup, options.start), followed(wanted), options);
  return retell(scheduler, wanted, recorder);
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
  checkOptions(options);
  const scheduler = new Scheduler(schedulerOptionsOf(options));
  const program = new SetupProgram(setup, options.start, true);
  const run = async (strategy: Strategy): Promise<RunResult> =>
    runAsyncUnder(scheduler, program, strategy, options);
  const explorer = new Explorer(scheduler);
  const verdict = await explorer.exploreAsync(run, strategiesOf(options), budgetOf(options));
  const { finding } = verdict;
  if (finding === null) return inPrint(verdict, null);
  const explaining = explainingFinding(finding, scheduler, shrinkRunsOf(options, finding));
  const again = async (strategy: Strategy): Promise<FailedRun | null> => {
    await runAsync(scheduler, program, strategy);
    return failedRunOf(scheduler);
  };
  return inPrint(verdict, await searchedAsync(explaining, again));
}

/** Runs a program with async tasks once, along a schedule. As {@link replay} otherwise. */
export async function replayAsync(
  setup: Setup,
  scheduleText: string,
  options: RunOptions = {},
): Promise<Retelling> {
  const wanted = scheduleIn(scheduleText, options);
  const scheduler = tracedScheduler(options);
  const recorder = new SliceRecorder(scheduler);
  const program = new SetupProgram(setup, options.start, true);
  await runAsyncUnder(scheduler, program, followed(wanted), options);
  return retell(scheduler, wanted, recorder);
}

function runUnder(
  scheduler: Scheduler,
  program: Program,
  strategy: Strategy,
  options: RunOptions,
): RunResult {
  return options.checkDeterminism === true
    ? runTwice(scheduler, program, strategy, schedulerOptionsOf(options))
    : scheduler.run(program, strategy);
}

async function runAsyncUnder(
  scheduler: Scheduler,
  program: Program,
  strategy: Strategy,
  options: RunOptions,
): Promise<RunResult> {
  if (options.checkDeterminism !== true) return runAsync(scheduler, program, strategy);
  scheduler.trace ??= new Trace();
  await runAsync(scheduler, program, strategy);
  const again = tracedScheduler(options);
  await runAsync(again, program, followed(scheduler.schedule));
  scheduler.failure = compareRuns(scheduler, again) ?? scheduler.failure;
  return scheduler;
}

function scheduleIn(text: string, options: RunOptions): Schedule {
  checkOptions(options);
  if (typeof text === "string") return parseSchedule(text);
  const message = `schedule: expected a text, as a3b7a, found ${inWords(text)}`;
  throw new LatchworkError("BAD_SCHEDULE", message);
}

function tracedScheduler(options: RunOptions): Scheduler {
  const scheduler = new Scheduler(schedulerOptionsOf(options));
  scheduler.trace = new Trace();
  return scheduler;
}

function inPrint(verdict: Verdict, explained: Explained | null): SimulationVerdict {
  if (explained === null) return { ...verdict, schedule: null, shrunk: null };
  const { finding, shrunk } = explained;
  const schedule = shrunk?.schedule ?? formatSchedule(finding.schedule);
  return { ...verdict, finding, schedule, shrunk };
}
