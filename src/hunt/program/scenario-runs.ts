import type { Protocol } from "../../btree/index.ts";
import {
  BugSearch,
  type FailedRun,
  failedRunOf,
  type Identified,
  Scheduler,
  searched,
  type Strategy,
  type SwitchSearch,
} from "../../sim/index.ts";
import type { Scenario } from "../scenario/index.ts";
import { programOf } from "./program-of.ts";
import type { ScenarioProgram } from "./scenario-program.ts";
import { TREE_NAMES } from "./tree-names.ts";

// What one look for the race behind a failure may cost; with a disk a run takes ten times as long.
const LOOK_RUNS = 200;
const LOOK_RUNS_ON_DISK = 60;

/** One scenario, run under one strategy after another, for whoever wants to know how it fails. */
export class ScenarioRuns {
  readonly #scheduler = new Scheduler();
  readonly #program: ScenarioProgram;
  readonly #bug: BugSearch;

  /** @throws LatchworkError for a scenario that cannot be run. */
  constructor(scenario: Scenario, own: readonly Protocol[]) {
    this.#program = programOf(this.#scheduler, scenario, own);
    const runsMax = scenario.durability === undefined ? LOOK_RUNS : LOOK_RUNS_ON_DISK;
    this.#bug = new BugSearch(this.#scheduler, TREE_NAMES, { runsMax });
  }

  /** Makes a run; null if it does not fail. */
  runUnder(strategy: Strategy): FailedRun | null {
    const result = this.#scheduler.run(this.#program, strategy);
    strategy.endRun(result);
    return failedRunOf(this.#scheduler, TREE_NAMES);
  }

  /** Which bug a run of this scenario shows: see `BugIdentity`. */
  identify(failed: FailedRun): Identified {
    return searched(this.#bug.identify(failed), (strategy) => this.runUnder(strategy));
  }

  /** The last choice of a failing run at which another decision avoids the failure. */
  switchOf(failed: FailedRun): SwitchSearch {
    return searched(this.#bug.switchOf(failed), (strategy) => this.runUnder(strategy));
  }
}
