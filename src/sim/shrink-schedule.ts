import { mustBeThere } from "../task/index.ts";
import { hiddenFailure } from "./explore.ts";
import type { FailureKind } from "./failure.ts";
import { blocksOf, changesAt, scheduleOf, switchesOf } from "./schedule-blocks.ts";
import { formatSchedule, type Schedule } from "./schedule.ts";
import type { Program, Scheduler } from "./scheduler.ts";
import { IteratedDepthFirstStrategy } from "./strategies/iterated-depth-first.ts";
import { ReplayStrategy } from "./strategies/exact-replay.ts";
import type { Strategy } from "./strategy.ts";

/** A run that failed: how, along which schedule, and with how many preemptions. */
export interface FailedRun {
  readonly failureKind: FailureKind;
  /** What was really done, which may differ from what was asked for. */
  readonly schedule: Schedule;
  readonly preemptions: number;
}

/** Makes one run under a strategy whose run has begun; null if it did not fail. */
export type RunUnder = (strategy: Strategy) => FailedRun | null;

/** How much may be spent; each number counts runs. */
export interface ShrinkBudget {
  /** Most runs of the exhaustive search for fewer preemptions. Default 2000; 0 leaves it out. */
  readonly searchRunsMax?: number;
  /** Most runs of the search by small changes. Default 1000. */
  readonly changeRunsMax?: number;
}

/** The quietest failing run that was found. */
export interface ShrunkSchedule extends FailedRun {
  /** Runs it took. */
  readonly runs: number;
  /** Whether every schedule with fewer preemptions was run and did not fail in this way. */
  readonly isMinimal: boolean;
}

const SEARCH_RUNS_DEFAULT = 2000;
const CHANGE_RUNS_DEFAULT = 1000;

/**
 * Finds a quieter schedule that shows the same kind of failure: fewer preemptions first, then fewer
 * switches between tasks, then fewer steps.
 *
 * All schedules with fewer preemptions are run first, fewest first, as far as the budget goes: most
 * bugs need one or two, and what is found that way is minimal. What that leaves is improved by
 * small changes to the schedule, each kept only if a run confirms it (compare dejafu's pull-back
 * and push-forward): a block of steps joins its task's block before or after it, changes places
 * with its neighbour, or goes.
 *
 * @param failed The failing run to begin with.
 */
export function shrinkSchedule(
  failed: FailedRun,
  runUnder: RunUnder,
  budget: ShrinkBudget = {},
): ShrunkSchedule {
  const searchRunsMax = budget.searchRunsMax ?? SEARCH_RUNS_DEFAULT;
  const search = findWithFewestPreemptions(failed, runUnder, searchRunsMax);
  const changes = new Changes(search.found ?? failed, runUnder);
  changes.makeAll(budget.changeRunsMax ?? CHANGE_RUNS_DEFAULT);
  return {
    ...changes.best,
    runs: search.runs + changes.runs,
    isMinimal: changes.best.preemptions <= search.preemptionsNeeded,
  };
}

/** What an exhaustive search for fewer preemptions came to. */
export interface FewestPreemptions {
  /** The first failing run of the same kind with fewer preemptions than the one given, or null. */
  readonly found: FailedRun | null;
  readonly runs: number;
  /** Every schedule with fewer preemptions than this was run, and none failed in this way. */
  readonly preemptionsNeeded: number;
}

/**
 * Runs every schedule with 0 preemptions, then with 1, and so on, until one fails as the given run
 * did, or only those with as many preemptions as it are left, or the budget is used.
 */
export function findWithFewestPreemptions(
  failed: FailedRun,
  runUnder: RunUnder,
  runsMax: number,
): FewestPreemptions {
  if (failed.preemptions === 0) return { found: null, runs: 0, preemptionsNeeded: 0 };
  const strategy = new IteratedDepthFirstStrategy(failed.preemptions - 1);
  let runs = 0;
  for (; runs < runsMax && strategy.beginRun(); runs++) {
    const run = made(runUnder(strategy));
    strategy.endRun();
    if (run === null || run.failureKind !== failed.failureKind) continue;
    // The rounds go up by one, and this run is the first of its kind: none before it had fewer.
    return { found: run, runs: runs + 1, preemptionsNeeded: run.preemptions };
  }
  const { exhausted, preemptionBound } = strategy.coverage();
  const bound = exhausted ? (preemptionBound ?? strategy.preemptionsMax) : -1;
  return { found: null, runs, preemptionsNeeded: bound + 1 };
}

/** The search by small changes: each is kept if a run confirms it, and then the next is tried. */
class Changes {
  best: FailedRun;
  runs = 0;
  readonly #runUnder: RunUnder;
  readonly #tried = new Set<string>();

  constructor(start: FailedRun, runUnder: RunUnder) {
    this.best = start;
    this.#runUnder = runUnder;
    this.#tried.add(formatSchedule(start.schedule));
  }

  /** Goes over the schedule until no change helps any more, or the budget is used. */
  makeAll(runsMax: number): void {
    let isBetter = true;
    while (isBetter) {
      isBetter = false;
      for (let i = 0; i < blocksOf(this.best.schedule).length; i++) {
        while (this.#improveAt(i, runsMax)) isBetter = true;
      }
    }
  }

  #improveAt(index: number, runsMax: number): boolean {
    return changesAt(blocksOf(this.best.schedule), index).some(
      (blocks) => this.runs < runsMax && this.#keepIfBetter(scheduleOf(blocks)),
    );
  }

  #keepIfBetter(schedule: Schedule): boolean {
    const text = formatSchedule(schedule);
    if (this.#tried.has(text)) return false;
    this.#tried.add(text);
    this.runs++;
    const strategy = new ReplayStrategy(schedule);
    strategy.beginRun();
    const run = made(this.#runUnder(strategy));
    if (run === null || run.failureKind !== this.best.failureKind) return false;
    if (!isQuieter(run, this.best)) return false;
    this.best = run;
    return true;
  }
}

function made(run: FailedRun | null): FailedRun | null {
  mustBeThere("runUnder", run, "expected a run that has been made");
  return run;
}

function isQuieter(a: FailedRun, b: FailedRun): boolean {
  if (a.preemptions !== b.preemptions) return a.preemptions < b.preemptions;
  const switches = switchesOf(a.schedule) - switchesOf(b.schedule);
  return switches === 0 ? a.schedule.length < b.schedule.length : switches < 0;
}

/**
 * Makes runs of a program on a scheduler, for the functions above. A run that went well counts as
 * failed if it shows a broken latch order or a possible deadlock, as an exploration has it.
 */
export function runsOf(scheduler: Scheduler, program: Program): RunUnder {
  return (strategy) => {
    const { failure, preemptions } = scheduler.run(program, strategy);
    const shown = failure ?? hiddenFailure(scheduler);
    if (shown === null) return null;
    return { failureKind: shown.kind, schedule: [...scheduler.schedule], preemptions };
  };
}
