import { mustBeThere } from "../task/index.ts";
import { OWN_NAMES, type RoleNames, showsBug } from "./bug-identity.ts";
import type { Searching } from "./decisive-switch.ts";
import { type FailedRun, failedRunOf, isAlike, type RunUnder } from "./failed-run.ts";
import type { BugSearch, Identified } from "./identify.ts";
import { blocksOf, changesAt, scheduleOf, switchesOf } from "./schedule-blocks.ts";
import { formatSchedule, type Schedule } from "./schedule.ts";
import type { Program, Scheduler } from "./scheduler.ts";
import { IteratedDepthFirstStrategy } from "./strategies/iterated-depth-first.ts";
import { ReplayStrategy } from "./strategies/exact-replay.ts";
import type { Strategy } from "./strategy.ts";

/** How much may be spent; each number counts runs. */
export interface ShrinkBudget {
  /** Most runs of the exhaustive search for fewer preemptions. Default 2000; 0 leaves it out. */
  readonly searchRunsMax?: number;
  /** Most runs of the search by small changes. Default 1000. */
  readonly changeRunsMax?: number;
  /**
   * What runs are asked with whether they show the same bug, and not only the same kind of failure.
   * Default: only what their failures say by themselves is compared.
   */
  readonly bug?: BugSearch;
}

/** Which part of a budget was used up. */
export type BudgetPart = "searchRunsMax" | "changeRunsMax";

/** The quietest failing run that was found. */
export interface ShrunkSchedule extends FailedRun {
  /** Runs it took. */
  readonly runs: number;
  /** Whether every schedule with fewer preemptions was run and did not fail in this way. */
  readonly isMinimal: boolean;
  /**
   * Whether it is 1-minimal: none of the small changes, each of which takes one preemption or one
   * switch out, shows the same bug any more.
   */
  readonly isOneMinimal: boolean;
  /** Which parts of the budget cut the shrinking off before it was done. */
  readonly cutBy: readonly BudgetPart[];
}

const SEARCH_RUNS_DEFAULT = 2000;
const CHANGE_RUNS_DEFAULT = 1000;

/**
 * Finds a quieter schedule that shows the same bug: fewer preemptions first, then fewer switches
 * between tasks, then fewer steps.
 *
 * All schedules with fewer preemptions are run first, fewest first, as far as the budget goes: most
 * bugs need one or two, and what is found that way is minimal. What that leaves is improved by
 * small changes to the schedule, each kept only if a run confirms it (compare dejafu's pull-back
 * and push-forward): a block of steps joins its task's block before or after it, changes places
 * with its neighbour, or goes.
 *
 * Which race has led to a failure takes many runs to say. So the way there goes by what failures
 * say of themselves, and where it ends is compared with where it began; if that is another bug, it
 * is gone once more, and every run on it has to show the same race.
 *
 * @param failed The failing run to begin with.
 */
export function shrinkSchedule(
  failed: FailedRun,
  runUnder: RunUnder,
  budget: ShrinkBudget = {},
): ShrunkSchedule {
  return searched(shrinkingSchedule(failed, budget), runUnder);
}

/** {@link shrinkSchedule} for whoever makes the runs otherwise. */
export function* shrinkingSchedule(
  failed: FailedRun,
  budget: ShrinkBudget = {},
): Searching<FailedRun, ShrunkSchedule> {
  const { bug } = budget;
  const loose = yield* shrunkBy(failed, budget, null);
  if (bug === undefined || !bug.needsRuns(failed)) return loose;
  const wanted = yield* bug.identify(failed);
  const found = yield* bug.identify(loose);
  const runs = loose.runs + wanted.runs + found.runs;
  if (showsBug(wanted.identity, found.identity)) {
    return { ...loose, identity: found.identity, runs };
  }
  const strict = yield* shrunkBy(failed, budget, wanted);
  return { ...strict, identity: wanted.identity, runs: runs + strict.runs };
}

/** Makes the runs that a search asks for. */
export function searched<T>(searching: Searching<FailedRun, T>, runUnder: RunUnder): T {
  let next = searching.next();
  while (next.done !== true) {
    const strategy = next.value;
    next = searching.next(made(runUnder(strategy)));
  }
  return next.value;
}

/** The same for runs that are promises. */
export async function searchedAsync<T>(
  searching: Searching<FailedRun, T>,
  runUnder: (strategy: Strategy) => Promise<FailedRun | null>,
): Promise<T> {
  let next = searching.next();
  while (next.done !== true) next = searching.next(await runUnder(next.value));
  return next.value;
}

/** @param wanted The bug that each run has to show, or null where failures tell by themselves. */
function* shrunkBy(
  failed: FailedRun,
  budget: ShrinkBudget,
  wanted: Identified | null,
): Searching<FailedRun, ShrunkSchedule> {
  const isSame = sameness(budget.bug, wanted);
  const searchRunsMax = budget.searchRunsMax ?? SEARCH_RUNS_DEFAULT;
  const search = yield* searchingFewest(failed, searchRunsMax, isSame);
  const changes = new Changes(search.found ?? failed, isSame);
  yield* changes.makeAll(budget.changeRunsMax ?? CHANGE_RUNS_DEFAULT);
  const isMinimal = changes.best.preemptions <= search.preemptionsNeeded;
  const cutBy: BudgetPart[] = [];
  if (!isMinimal) cutBy.push("searchRunsMax");
  if (changes.wasCut) cutBy.push("changeRunsMax");
  const runs = search.runs + changes.runs;
  return { ...changes.best, runs, isMinimal, isOneMinimal: !changes.wasCut, cutBy };
}

/** Asks whether a run shows the bug that a search is about. */
type IsSame = (run: FailedRun, as: FailedRun) => Searching<FailedRun, boolean>;

function sameness(bug: BugSearch | undefined, wanted: Identified | null): IsSame {
  return function* (run, as) {
    if (!isAlike(run, as)) return false;
    if (bug === undefined || wanted === null) return true;
    const { identity } = yield* bug.identify(run);
    return showsBug(wanted.identity, identity);
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
  return searched(searchingFewest(failed, runsMax, sameness(undefined, null)), runUnder);
}

function* searchingFewest(
  failed: FailedRun,
  runsMax: number,
  isSame: IsSame,
): Searching<FailedRun, FewestPreemptions> {
  if (failed.preemptions === 0) return { found: null, runs: 0, preemptionsNeeded: 0 };
  const strategy = new IteratedDepthFirstStrategy(failed.preemptions - 1);
  let runs = 0;
  for (; runs < runsMax && strategy.beginRun(); runs++) {
    const run = yield strategy;
    strategy.endRun();
    if (run === null || !(yield* isSame(run, failed))) continue;
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
  /** Whether the budget ended it, and not that no change helps any more. */
  wasCut = false;
  readonly #isSame: IsSame;
  readonly #tried = new Set<string>();

  constructor(start: FailedRun, isSame: IsSame) {
    this.best = start;
    this.#isSame = isSame;
    this.#tried.add(formatSchedule(start.schedule));
  }

  /** Goes over the schedule until no change helps any more, or the budget is used. */
  *makeAll(runsMax: number): Searching<FailedRun, void> {
    let isBetter = true;
    while (isBetter) {
      isBetter = false;
      for (let i = 0; i < blocksOf(this.best.schedule).length; i++) {
        while (yield* this.#improveAt(i, runsMax)) isBetter = true;
      }
    }
  }

  *#improveAt(index: number, runsMax: number): Searching<FailedRun, boolean> {
    for (const blocks of changesAt(blocksOf(this.best.schedule), index)) {
      const schedule = scheduleOf(blocks);
      if (this.#tried.has(formatSchedule(schedule))) continue;
      if (this.runs >= runsMax) {
        this.wasCut = true;
        return false;
      }
      if (yield* this.#keepIfBetter(schedule)) return true;
    }
    return false;
  }

  *#keepIfBetter(schedule: Schedule): Searching<FailedRun, boolean> {
    this.#tried.add(formatSchedule(schedule));
    this.runs++;
    const strategy = new ReplayStrategy(schedule);
    strategy.beginRun();
    const run = yield strategy;
    if (run === null || !isQuieter(run, this.best)) return false;
    if (!(yield* this.#isSame(run, this.best))) return false;
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
 *
 * @param names How names of objects become roles, for telling bugs apart.
 */
export function runsOf(
  scheduler: Scheduler,
  program: Program,
  names: RoleNames = OWN_NAMES,
): RunUnder {
  return (strategy) => {
    scheduler.run(program, strategy);
    return failedRunOf(scheduler, names);
  };
}
