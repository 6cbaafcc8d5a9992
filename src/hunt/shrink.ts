import type { Protocol } from "../btree/index.ts";
import {
  type Failure,
  type FailureKind,
  type FailedRun,
  hiddenFailure,
  IteratedDepthFirstStrategy,
  RandomStrategy,
  type Schedule,
  Scheduler,
  shrinkSchedule,
  type Strategy,
} from "../sim/index.ts";
import { assert, createPrng, mustBeThere } from "../task/index.ts";
import { programOf } from "./program-of.ts";
import { replayScenario } from "./replay-scenario.ts";
import { operationCount, type Scenario } from "./scenario.ts";
import {
  withoutOneOperation,
  withoutOneTask,
  withoutOneTaskAfter,
  withPlainerDisk,
  withSmallerTree,
} from "./scenario-reductions.ts";
import type { ScenarioProgram } from "./scenario-program.ts";

/** How much work shrinking may do. */
export interface ShrinkBudget {
  /** Most schedules to run while shrinking, about. */
  readonly runsMax: number;
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
  readonly tasks: number;
  readonly operations: number;
  readonly preemptions: number;
  /** Whether every schedule with fewer preemptions was run and did not fail in this way. */
  readonly isMinimal: boolean;
  /** Schedules run to get here. */
  readonly runs: number;
}

// What one smaller scenario is searched with before it is given up: most failures need two
// preemptions at most, and what needs more was found by chance before.
const TRY_PREEMPTIONS_MAX = 2;
const TRY = { depthFirst: 1500, random: 300 };
// A run with a crash takes ten times as long, and the crash is free.
const TRY_WITH_DISK = { depthFirst: 300, random: 50 };

/**
 * Makes a finding as short as the budget allows, keeping the kind of its failure.
 *
 * Each smaller scenario is searched anew, since a schedule of the larger one means little in it; it
 * is taken if a run fails in the same way. Greedy, and from the start again after each success
 * (as delta debugging with single deletions, Zeller 2002).
 *
 * @param own Protocols of one's own that the scenario may name.
 */
export function shrink(
  scenario: Scenario,
  found: Found,
  budget: ShrinkBudget,
  own: readonly Protocol[] = [],
): Shrunk {
  const shrinker = new Shrinker(scenario, found, budget, own);
  shrinker.reduce(withoutOneTask);
  shrinker.reduce(withoutOneTaskAfter);
  shrinker.reduce(withoutOneOperation);
  shrinker.reduce(withPlainerDisk);
  shrinker.reduce(withSmallerTree);
  return shrinker.finish();
}

class Shrinker {
  readonly #kind: FailureKind;
  readonly #budget: ShrinkBudget;
  readonly #own: readonly Protocol[];
  #scenario: Scenario;
  #best: FailedRun;
  #runs = 0;

  constructor(scenario: Scenario, found: Found, budget: ShrinkBudget, own: readonly Protocol[]) {
    this.#scenario = scenario;
    this.#own = own;
    this.#kind = found.failure.kind;
    this.#budget = budget;
    const { schedule, preemptions } = found;
    this.#best = { failureKind: this.#kind, schedule, preemptions };
  }

  /** Takes the first smaller scenario that still fails, again and again. */
  reduce(smaller: (scenario: Scenario) => readonly Scenario[]): void {
    for (;;) {
      const taken = smaller(this.#scenario).some((candidate) => this.#takeIfFails(candidate));
      if (!taken) return;
    }
  }

  finish(): Shrunk {
    const runner = new Runner(this.#scenario, this.#own);
    const left = Math.max(this.#left(), 1);
    const shrunk = shrinkSchedule(this.#best, (strategy) => runner.runUnder(strategy), {
      searchRunsMax: Math.ceil(left / 2),
      changeRunsMax: Math.ceil(left / 2),
    });
    const { failure } = replayScenario(this.#scenario, shrunk.schedule, undefined, this.#own);
    assert(failure !== null, "a shrunk schedule fails when it is replayed");
    return {
      scenario: this.#scenario,
      schedule: shrunk.schedule,
      failure,
      kind: failure.kind,
      tasks: this.#scenario.tasks.length,
      operations: operationCount(this.#scenario),
      preemptions: shrunk.preemptions,
      isMinimal: shrunk.isMinimal,
      runs: this.#runs + shrunk.runs,
    };
  }

  #left(): number {
    const shouldStop = this.#budget.shouldStop?.() ?? false;
    mustBeThere("shouldStop", shouldStop, "expected true or false");
    if (shouldStop) return 0;
    return this.#budget.runsMax - this.#runs;
  }

  #takeIfFails(candidate: Scenario): boolean {
    const runner = new Runner(candidate, this.#own);
    const depthFirst = new IteratedDepthFirstStrategy(TRY_PREEMPTIONS_MAX);
    const random = new RandomStrategy(createPrng("shrink"));
    const most = candidate.durability === undefined ? TRY : TRY_WITH_DISK;
    const failed =
      this.#search(runner, depthFirst, most.depthFirst) ??
      this.#search(runner, random, most.random);
    if (failed === null) return false;
    this.#scenario = candidate;
    this.#best = failed;
    return true;
  }

  #search(runner: Runner, strategy: Strategy, runsMax: number): FailedRun | null {
    const most = Math.min(runsMax, this.#left());
    for (let runs = 0; runs < most && strategy.beginRun(); runs++) {
      const failed = runner.runUnder(strategy);
      this.#runs++;
      if (failed?.failureKind === this.#kind) return failed;
    }
    return null;
  }
}

/** One scenario's program, run under one strategy after another. */
class Runner {
  readonly #scheduler = new Scheduler();
  readonly #program: ScenarioProgram;

  constructor(scenario: Scenario, own: readonly Protocol[]) {
    this.#program = programOf(this.#scheduler, scenario, own);
  }

  runUnder(strategy: Strategy): FailedRun | null {
    const result = this.#scheduler.run(this.#program, strategy);
    strategy.endRun(result);
    const failure = result.failure ?? hiddenFailure(this.#scheduler);
    if (failure === null) return null;
    const { schedule, preemptions } = this.#scheduler;
    return { failureKind: failure.kind, schedule: [...schedule], preemptions };
  }
}
