import { type BugIdentity, needsConflict, OWN_NAMES, type RoleNames } from "./bug-identity.ts";
import { RecordingReplay, type SeenChoice } from "./choice-record.ts";
import {
  findingSwitch,
  isBetweenTasks,
  isDraw,
  isOfTasks,
  type Searching,
  type SwitchSearch,
  withConflict,
} from "./decisive-switch.ts";
import type { FailedRun } from "./failed-run.ts";
import type { Scheduler } from "./scheduler.ts";

/** Which bug a run shows, as far as could be found out. */
export interface Identified {
  readonly identity: BugIdentity;
  /** Runs it took. */
  readonly runs: number;
}

/** What one search for the race behind a failure may spend. */
export interface BugSearchLimits {
  /** Most runs. Default 200. */
  readonly runsMax?: number;
  /** Longer runs are not looked at: each would be made again for every choice. Default 2000. */
  readonly stepsMax?: number;
}

const RUNS_DEFAULT = 200;
const STEPS_DEFAULT = 2000;

/** Finds out which bug a failing run shows, by running it again with other decisions. */
export class BugSearch {
  readonly #nameOf: (objectId: number) => string;
  readonly #names: RoleNames;
  readonly #runsMax: number;
  readonly #stepsMax: number;

  /** @param scheduler Makes the runs that are asked for. */
  constructor(
    scheduler: Scheduler,
    names: RoleNames = OWN_NAMES,
    { runsMax = RUNS_DEFAULT, stepsMax = STEPS_DEFAULT }: BugSearchLimits = {},
  ) {
    this.#nameOf = (id) => scheduler.program.describeObject(id);
    this.#names = names;
    this.#runsMax = runsMax;
    this.#stepsMax = stepsMax;
  }

  /** Whether the race behind a run has to be looked for: its failure says nothing of it. */
  needsRuns({ failureKind, schedule, identity }: FailedRun): boolean {
    if ((identity?.accesses ?? null) !== null) return false;
    return needsConflict(failureKind) && schedule.length <= this.#stepsMax;
  }

  /** Which bug a run shows. Requires: the failure's part of its identity is known. */
  *identify(failed: FailedRun): Searching<FailedRun, Identified> {
    const { failureKind: kind, identity = { kind, rule: "", accesses: null } } = failed;
    if (!this.needsRuns(failed)) return { identity, runs: 0 };
    const choices = yield* this.#choicesOf(failed);
    const search = yield* this.#search(failed, choices, isOfTasks);
    return { identity: withConflict(identity, search), runs: search.runs + 1 };
  }

  /** The one switch of a run that matters, whatever kind it is of. */
  *switchOf(failed: FailedRun): Searching<FailedRun, SwitchSearch> {
    if (failed.schedule.length > this.#stepsMax) {
      return { found: null, isComplete: false, runs: 0 };
    }
    const choices = yield* this.#choicesOf(failed);
    const ofTasks = yield* this.#search(failed, choices, isBetweenTasks);
    const before = 1 + ofTasks.runs;
    if (ofTasks.found !== null || !ofTasks.isComplete) return { ...ofTasks, runs: before };
    const ofValues = yield* this.#search(failed, choices, isDraw);
    return { ...ofValues, runs: before + ofValues.runs };
  }

  *#choicesOf({ schedule }: FailedRun): Searching<FailedRun, readonly SeenChoice[]> {
    const recording = new RecordingReplay(schedule, this.#nameOf, this.#names);
    recording.beginRun();
    yield recording;
    return recording.choices;
  }

  #search(
    { failureKind, schedule }: FailedRun,
    choices: readonly SeenChoice[],
    counts: (choice: SeenChoice) => boolean,
  ): Searching<FailedRun, SwitchSearch> {
    const limits = { runsMax: this.#runsMax, counts };
    return findingSwitch<FailedRun>(failureKind, schedule, choices, limits);
  }
}
