import type { Protocol } from "../../btree/index.ts";
import {
  type BugIdentity,
  type FailedRun,
  type Failure,
  type FailureKind,
  GuidedStrategy,
  isAlike,
  IteratedDepthFirstStrategy,
  RandomStrategy,
  ReplayStrategy,
  type Schedule,
  shrinkSchedule,
  showsBug,
  type ShrunkSchedule,
  type Strategy,
} from "../../sim/index.ts";
import { assert, createPrng, LatchworkError, mustBeThere } from "../../task/index.ts";
import { Guide } from "./guide.ts";
import { replayScenario, ScenarioRuns } from "../program/index.ts";
import { formatScenario, operationCount, type Scenario } from "../scenario/index.ts";
import { plainerDisk, plainerSettings, smallerTree } from "./scenario-reductions.ts";
import { draftOf, type Items, scenarioOfDraft, type ShrinkDraft } from "./draft.ts";
import {
  fewerKeys,
  joinedTasks,
  movedBeforeTheCrash,
  onlyWhatComesAfter,
  plainerOperations,
  type Reduction,
  withoutOneTask,
  withoutOperations,
} from "./task-reductions.ts";

/** How much work shrinking may do. */
export interface ShrinkBudget {
  /** Most schedules to run while shrinking, and a few more to look at what was found. */
  readonly runsMax: number;
  /** The same for a scenario on a disk, whose runs take ten times as long. Default: `runsMax`. */
  readonly runsMaxOnDisk?: number;
  /** Asked between runs; true ends the shrinking with the best so far. */
  readonly shouldStop?: () => boolean;
}

/** A finding to begin with: a schedule of the scenario that fails. */
export interface Found {
  readonly failure: Failure;
  readonly schedule: Schedule;
  readonly preemptions: number;
}

/** A failure at its shortest: fewest tasks, then fewest operations, then fewest preemptions. */
export interface Shrunk {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly failure: Failure;
  readonly kind: FailureKind;
  /** Those that run after the last recovery included, as among the operations. */
  readonly tasks: number;
  readonly operations: number;
  readonly preemptions: number;
  /** Whether every schedule with fewer preemptions was run and did not fail in this way. */
  readonly isMinimal: boolean;
  /**
   * Whether it is 1-minimal: without any one of its tasks, operations or preemptions, and otherwise
   * as it is, the run does not show this bug.
   */
  readonly isOneMinimal: boolean;
  /** What ended the shrinking before there was nothing left to try; null if nothing did. */
  readonly cutBy: ShrinkCut | null;
  /** Which bug it is, in words; that of the finding. */
  readonly identity: BugIdentity;
  /** Schedules run to get here. */
  readonly runs: number;
}

/** The budget was used, or somebody has stopped it. */
export type ShrinkCut = "schedules" | "stopped";

/**
 * What the command and the surveys spend on one finding: less than a second of a processor. A run
 * on a disk takes about ten times as long as one in memory.
 */
export const SHRINK_BUDGET: ShrinkBudget = { runsMax: 6000, runsMaxOnDisk: 500 };

// What one smaller scenario is searched with before it is given up: most failures need two
// preemptions at most, and what needs more was found by chance before.
const TRY_PREEMPTIONS_MAX = 2;
const TRY = { depthFirst: 1500, random: 300 };
// A run with a crash takes ten times as long, and the crash is free.
const TRY_WITH_DISK = { depthFirst: 80, random: 20 };
// What a crash leaves is one draw of up to eleven, and the right one may have another number.
const CRASH_VALUES = 11;
const QUIETEN = 500; // Two tasks are made one only if that takes no more preemptions.
// This part of the budget is for the schedule, once the scenario is as small as it gets.
const SCHEDULE_PART = 1 / 4;
// And this part for going once more, on the same bug, where the first way led to another.
const SAME_PART = 1 / 3;
// To ask which bug it is takes runs of its own: at most so many for each of the budget.
const LOOKS_PART = 2;

/** In the order in which they are tried; what comes first makes what follows cheaper. */
const REDUCTIONS: readonly Reduction[] = [
  withoutOneTask,
  onlyWhatComesAfter,
  withoutOperations,
  joinedTasks,
  movedBeforeTheCrash,
  plainerDisk,
  plainerOperations,
  plainerSettings,
  smallerTree,
  fewerKeys,
];

/**
 * Makes a finding as short as the budget allows, keeping the kind of its failure.
 *
 * Smaller scenarios are tried until none of them fails in the same way: one task, operation, crash,
 * fault, key or setting less, two tasks made one, what comes after a crash put before it. Greedy,
 * and from the start again after each success (as delta debugging, Zeller and Hildebrandt 2002).
 *
 * In a first pass a smaller scenario is run as the failing run was, without what it has lost: that
 * takes one run, and a few more where a crash draws what it leaves. When that leads no further,
 * smaller scenarios are searched, with up to 1,800 schedules each, or 350 on a disk; each success
 * leads back to the first pass. The last quarter of the budget is for a quieter schedule.
 *
 * Which race has led to a failure takes many runs to say: see `BugIdentity`. So the way there goes
 * by what failures say of themselves, and where it ends is compared with where it began; if that is
 * another bug, it is gone once more, and every run on it has to show the same race.
 *
 * @param own Protocols of one's own that the scenario may name.
 */
export function shrink(
  scenario: Scenario,
  found: Found,
  budget: ShrinkBudget,
  own: readonly Protocol[] = [],
): Shrunk {
  const runsMax = runsMaxOf(scenario, budget);
  const most = Math.floor(runsMax * (1 - SAME_PART));
  const loose = new Shrinker(scenario, found, { ...budget, runsMax: most }, own, null);
  const wanted = loose.identify();
  loose.reduceAll();
  const shrunk = loose.finish();
  if (showsBug(wanted, shrunk.identity)) return shrunk;
  const rest = { ...budget, runsMax: Math.max(runsMax - most, 1) };
  const strict = new Shrinker(scenario, found, rest, own, wanted);
  strict.reduceAll();
  const same = strict.finish();
  return { ...same, runs: shrunk.runs + same.runs };
}

function runsMaxOf({ durability }: Scenario, { runsMax, runsMaxOnDisk }: ShrinkBudget): number {
  if (durability === undefined) return runsMax;
  // Each partition is a database of its own, to be opened and recovered in every run.
  return Math.ceil((runsMaxOnDisk ?? runsMax) / durability.partitions);
}

/** How a smaller scenario is tried: as the failing run was, or with a search of its own. */
type Effort = "guided" | "search";

class Shrinker {
  readonly #kind: FailureKind;
  readonly #budget: ShrinkBudget;
  readonly #runsMax: number;
  readonly #own: readonly Protocol[];
  /** The bug that every run has to show, or null where failures tell by themselves. */
  readonly #wanted: BugIdentity | null;
  /** What the finding's failure says by itself. */
  readonly #found: FailedRun;
  /** Every scenario that was tried, with the effort that was made. */
  readonly #tried = new Set<string>();
  #scenario: Scenario;
  #best: FailedRun;
  #guide: Guide;
  #runs = 0;
  /** Runs made to find out which bug others show. */
  #looks = 0;
  /** How many of them had been made when it came to the schedule, which has a part of its own. */
  #looksBefore = 0;
  /** The best run for which a quieter one was looked for last. */
  #quietened: FailedRun | null = null;
  /** Whether the least promising of the smaller scenarios are tried first. */
  #isReversed = false;
  #wasStopped = false;

  constructor(
    scenario: Scenario,
    found: Found,
    budget: ShrinkBudget,
    own: readonly Protocol[],
    wanted: BugIdentity | null,
  ) {
    this.#scenario = scenario;
    this.#own = own;
    this.#kind = found.failure.kind;
    this.#budget = budget;
    this.#runsMax = budget.runsMax;
    this.#wanted = wanted;
    const { schedule, preemptions } = found;
    this.#best = this.#again({ failureKind: this.#kind, schedule, preemptions });
    this.#found = this.#best;
    this.#guide = new Guide(scenario, schedule, own);
  }

  /** Which bug the best run shows. */
  identify(): BugIdentity {
    const { identity } = this.#best;
    this.#left();
    if (this.#wasStopped && identity !== undefined) return identity;
    const runner = this.#runnerOf(this.#scenario);
    assert(runner !== null, "the scenario that failed can be run");
    const known = runner.identify(this.#best);
    this.#looks += known.runs;
    return known.identity;
  }

  /** A run once more, for what its failure says of the bug. */
  #again(failed: FailedRun): FailedRun {
    const runner = this.#runnerOf(this.#scenario);
    const strategy = new ReplayStrategy(failed.schedule);
    strategy.beginRun();
    this.#runs++;
    const again = runner?.runUnder(strategy) ?? null;
    return again === null || again.failureKind !== this.#kind ? failed : again;
  }

  /** Takes smaller scenarios that fail, until there is none any more or the budget is used. */
  reduceAll(): void {
    this.#sweepBothWays();
    // As in the search for fewer preemptions, this would use up the budget.
    if (this.#wanted !== null) return;
    while (this.#sweep("search")) this.#sweep("guided");
  }

  /** Where a greedy way ends depends on where it begins: goes two of them, and takes the better. */
  #sweepBothWays(): void {
    const start = { scenario: this.#scenario, best: this.#best, guide: this.#guide };
    this.#sweep("guided");
    const one = { scenario: this.#scenario, best: this.#best, guide: this.#guide };
    this.#goBackTo(start);
    this.#tried.clear();
    this.#isReversed = true;
    this.#sweep("guided");
    this.#isReversed = false;
    if (!isShorter(this.#scenario, this.#best, one)) this.#goBackTo(one);
  }

  #goBackTo({ scenario, best, guide }: Place): void {
    this.#scenario = scenario;
    this.#best = best;
    this.#guide = guide;
  }

  finish(): Shrunk {
    this.#looksBefore = this.#looks;
    let shrunk = this.#quietest();
    let isOneMinimal = shrunk.isOneMinimal;
    while (isOneMinimal) {
      const less = this.#withOneLess(shrunk);
      if (less === "none") break;
      if (less === "cut") isOneMinimal = false;
      else {
        shrunk = this.#quietest();
        isOneMinimal = shrunk.isOneMinimal;
      }
    }
    const { failure } = replayScenario(this.#scenario, shrunk.schedule, undefined, this.#own);
    assert(failure !== null, "a shrunk schedule fails when it is replayed");
    this.#best = shrunk;
    const identity = this.#wanted ?? this.identify();
    const isCut = !isOneMinimal || !shrunk.isMinimal || this.#left(1 - SCHEDULE_PART) <= 0;
    return {
      scenario: this.#scenario,
      schedule: shrunk.schedule,
      failure,
      kind: failure.kind,
      tasks: taskCount(this.#scenario),
      operations: operationCount(this.#scenario),
      preemptions: shrunk.preemptions,
      isMinimal: shrunk.isMinimal,
      isOneMinimal,
      cutBy: isCut ? (this.#wasStopped ? "stopped" : "schedules") : null,
      identity,
      runs: this.#runs + this.#looks,
    };
  }

  /** The quietest schedule of the scenario that is left. */
  #quietest(): ShrunkSchedule {
    const runner = this.#runnerOf(this.#scenario);
    assert(runner !== null, "the scenario that failed can be run");
    const left = Math.max(this.#left(), 1);
    const shrunk = shrinkSchedule(this.#best, (strategy) => this.#filtered(runner, strategy), {
      // To ask each failing run of a search which race it shows would use up the budget.
      searchRunsMax: this.#wanted === null ? Math.ceil(left / 2) : 0,
      changeRunsMax: Math.ceil(left / 2),
    });
    this.#runs += shrunk.runs;
    return shrunk;
  }

  /** Leaves out one task or operation of the run that was found last, if it fails without. */
  #withOneLess(shrunk: FailedRun): "taken" | "none" | "cut" {
    this.#best = shrunk;
    this.#guide = new Guide(this.#scenario, shrunk.schedule, this.#own);
    const draft = draftOf(this.#scenario);
    for (const less of [...withoutOneTask(draft), ...withoutOperations(draft)]) {
      if (this.#left() <= 0) return "cut";
      const scenario = scenarioOfDraft(less);
      const runner = this.#runnerOf(scenario);
      const failed = runner === null ? null : this.#follow(runner, less);
      if (failed === null) continue;
      this.#take(scenario, failed);
      return "taken";
    }
    return "none";
  }

  /**
   * Goes over all reductions, again and again while one of them helps. A search goes no further
   * than to its first success; true if it had one.
   */
  #sweep(effort: Effort): boolean {
    for (let helped = true; helped;) {
      helped = this.#takeBegun();
      for (const reduction of REDUCTIONS) {
        while (this.#takeOne(reduction, effort)) {
          if (effort === "search") return true;
          helped = true;
        }
      }
    }
    return false;
  }

  /** Leaves out at once whatever had not begun when the run failed. */
  #takeBegun(): boolean {
    const { begun } = this.#guide;
    const draft = draftOf(this.#scenario);
    const keep = (items: Items): Items =>
      items
        .map((task) => task.filter(({ from }) => begun.has(from)))
        .filter((task) => task.length > 0);
    const [tasks, after] = [keep(draft.tasks), keep(draft.after)];
    return tasks.length > 0 && this.#takeIfFails({ ...draft, tasks, after }, "guided");
  }

  #takeOne(reduction: Reduction, effort: Effort): boolean {
    const drafts = reduction(draftOf(this.#scenario));
    const isJoining = reduction === joinedTasks;
    if (isJoining && drafts.length > 0) this.#quieten();
    const ordered = this.#isReversed ? drafts.toReversed() : drafts;
    return ordered.some((draft) => this.#takeIfFails(draft, effort, isJoining));
  }

  /** Looks for a quieter run of the same scenario, which joined tasks are compared with. */
  #quieten(): void {
    if (this.#best.preemptions < 2 || this.#quietened === this.#best) return;
    const runner = this.#runnerOf(this.#scenario);
    const most = Math.min(QUIETEN, this.#left(1 - SCHEDULE_PART));
    if (runner === null || most <= 0) return;
    const budget = { searchRunsMax: most, changeRunsMax: most };
    const { runs, ...best } = shrinkSchedule(
      this.#best,
      (one) => this.#filtered(runner, one),
      budget,
    );
    this.#runs += runs;
    if (best.preemptions < this.#best.preemptions) {
      this.#best = best;
      this.#guide = new Guide(this.#scenario, best.schedule, this.#own);
    }
    this.#quietened = this.#best;
  }

  /** What is left of the budget for smaller scenarios, or for everything. */
  #left(part: number = 1): number {
    const shouldStop = this.#budget.shouldStop?.() ?? false;
    mustBeThere("shouldStop", shouldStop, "expected true or false");
    this.#wasStopped ||= shouldStop;
    if (shouldStop) return 0;
    if (this.#looks - this.#looksBefore > LOOKS_PART * this.#runsMax) return 0;
    return Math.floor(part * this.#runsMax) - this.#runs;
  }

  /** @param quietly Whether it counts only if it takes no more preemptions than before. */
  #takeIfFails(draft: ShrinkDraft, effort: Effort, quietly: boolean = false): boolean {
    if (this.#left(1 - SCHEDULE_PART) <= 0) return false;
    const scenario = scenarioOfDraft(draft);
    const name = `${effort} ${formatScenario(scenario)}`;
    if (this.#tried.has(name) || isSame(scenario, this.#scenario)) return false;
    this.#tried.add(name);
    const runner = this.#runnerOf(scenario);
    if (runner === null) return false;
    const failed =
      effort === "guided" ? this.#follow(runner, draft) : this.#search(runner, scenario);
    if (failed === null) return false;
    if (quietly && failed.preemptions > this.#best.preemptions) return false;
    this.#take(scenario, failed);
    return true;
  }

  #take(scenario: Scenario, failed: FailedRun): void {
    this.#scenario = scenario;
    this.#best = failed;
    this.#guide = new Guide(scenario, failed.schedule, this.#own);
  }

  /** Runs a smaller scenario as the larger one was run, and with other remains of its crashes. */
  #follow(runner: ScenarioRuns, draft: ShrinkDraft): FailedRun | null {
    const { schedule, crashValues } = this.#guide.for(draft);
    const failed = this.#run(runner, new GuidedStrategy(schedule));
    if (failed !== null) return failed;
    for (const at of crashValues) {
      for (let value = 0; value < CRASH_VALUES; value++) {
        const strategy = new GuidedStrategy(schedule, { at, value });
        const other = this.#run(runner, strategy);
        if (other !== null) return other;
        if (!strategy.hasVaried) break;
      }
    }
    return null;
  }

  #search(runner: ScenarioRuns, scenario: Scenario): FailedRun | null {
    const most = scenario.durability === undefined ? TRY : TRY_WITH_DISK;
    const depthFirst = new IteratedDepthFirstStrategy(TRY_PREEMPTIONS_MAX);
    const random = new RandomStrategy(createPrng("shrink"));
    return (
      this.#runAll(runner, depthFirst, most.depthFirst) ?? this.#runAll(runner, random, most.random)
    );
  }

  #runAll(runner: ScenarioRuns, strategy: Strategy, runsMax: number): FailedRun | null {
    for (let runs = 0; runs < runsMax && this.#left(1 - SCHEDULE_PART) > 0; runs++) {
      if (!strategy.beginRun()) return null;
      const failed = this.#made(runner, strategy);
      if (failed !== null) return failed;
    }
    return null;
  }

  #run(runner: ScenarioRuns, strategy: Strategy): FailedRun | null {
    strategy.beginRun();
    return this.#made(runner, strategy);
  }

  #made(runner: ScenarioRuns, strategy: Strategy): FailedRun | null {
    this.#runs++;
    return this.#filtered(runner, strategy);
  }

  /** Makes a run that has begun; null if it does not show the bug that is shrunk. */
  #filtered(runner: ScenarioRuns, strategy: Strategy): FailedRun | null {
    const failed = runner.runUnder(strategy);
    if (failed === null || !isAlike(failed, this.#found)) return null;
    if (this.#wanted === null) return failed;
    const { identity, runs } = runner.identify(failed);
    this.#looks += runs;
    return showsBug(this.#wanted, identity) ? failed : null;
  }

  /** Null for a scenario that cannot be run, as one whose batch writes a key twice. */
  #runnerOf(scenario: Scenario): ScenarioRuns | null {
    try {
      return new ScenarioRuns(scenario, this.#own);
    } catch (error) {
      if (error instanceof LatchworkError) return null;
      throw error;
    }
  }
}

/** How far a shrinking has got. */
interface Place {
  readonly scenario: Scenario;
  readonly best: FailedRun;
  readonly guide: Guide;
}

/** Whether one way has led further than another: to fewer tasks, operations, preemptions, steps. */
function isShorter(scenario: Scenario, best: FailedRun, than: Place): boolean {
  const [mine, other] = [lengthsOf(scenario, best), lengthsOf(than.scenario, than.best)];
  const at = mine.findIndex((length, i) => length !== other[i]);
  return at >= 0 && (mine[at] ?? 0) < (other[at] ?? 0);
}

function lengthsOf(scenario: Scenario, { preemptions, schedule }: FailedRun): number[] {
  return [taskCount(scenario), operationCount(scenario), preemptions, schedule.length];
}

function taskCount({ tasks, durability }: Scenario): number {
  return tasks.length + (durability?.after.length ?? 0);
}

function isSame(a: Scenario, b: Scenario): boolean {
  return formatScenario(a) === formatScenario(b);
}
