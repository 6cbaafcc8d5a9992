import { optionNames } from "../task/index.ts";
import type { OrderBreach } from "../latch/index.ts";
import type { Failure } from "./failure.ts";
import type { RunSummary } from "./strategy.ts";

/**
 * Something that a scheduler runs, over and over, each time from the start.
 *
 * @typeParam Host The scheduler; it knows programs, so they take it as it comes.
 */
export interface ProgramOf<Host> {
  /** Puts everything back to the start and adds the tasks. */
  begin(scheduler: Host): void;
  /** All tasks ended, once or again: true if more have been added, and the run goes on. */
  atRest?(scheduler: Host): boolean;
  /** The run has ended well so far: the last checks, at quiescence. Null if all is well. */
  finish(scheduler: Host): Failure | null;
  /** What `finish` could not wait for; asked of drivers with promises only. */
  finishAsync?(): Promise<Failure | null>;
  /**
   * What the run that has ended came to, as a text of lines: the state of everything shared, and
   * the history if there is one. Two runs that differ only in the order of independent segments
   * must give the same. For `checkFootprints`.
   */
  digest?(): string;
  /** The objects that the checks at the end of the run have looked at, as far as that is known. */
  lookedAt?(): readonly number[];
  /** Names a shared object in reports, as `page 4 (leaf)`. */
  describeObject(objectId: number): string;
}

/** Settings of a scheduler; all have defaults. */
export interface SchedulerOptions {
  /** Whether a release is a step of its own. Default false. */
  readonly releaseSteps?: boolean;
  /**
   * Steps after which a run is continued fairly, and after twice as many is a livelock; those in
   * which tasks only waited for time to pass are not counted, up to ten times as many. Default
   * 20,000.
   */
  readonly stepsMax?: number;
  /**
   * When time passes. By default also where tasks go on for a thousand steps at one moment, since
   * they may be polling for what a sleeping task will do. `when-all-wait`: never but when no task
   * can go on, for runs that measure time and in which nobody polls.
   */
  readonly timePasses?: "when-all-wait";
  /**
   * Whether a deadlock is looked for at each wait, so that it ends the run at the step that closes
   * its cycle and the cycle is named. Default true; else it is `stuck`, once nobody can go on.
   */
  readonly namesCycles?: boolean;
}

/** For whoever takes {@link SchedulerOptions}. */
export const SCHEDULER_OPTION_NAMES: readonly string[] = optionNames<SchedulerOptions>({
  releaseSteps: true,
  stepsMax: true,
  timePasses: true,
  namesCycles: true,
});

/** How one run ended. The object is reused by the next run. */
export interface RunResult extends RunSummary {
  /** Latch-order breaches seen on the way. */
  readonly breaches: readonly OrderBreach[];
}
