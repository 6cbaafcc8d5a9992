import type { Access, Fact, TaskId } from "../task/index.ts";
import type { Failure } from "./failure.ts";
import type { Segment } from "./segment.ts";

/** What `choose` and `segmentRan` give to end the run here, unfinished and unjudged. */
export const ABANDON: unique symbol = Symbol("abandon the run");

/** What a strategy may know of the next step of a task. */
export interface PendingStep {
  /** What it is about to do, as data; made anew at each call. */
  fact(): Fact;
  /** Which shared object it touches; negative if none. */
  readonly objectId: number;
  /** How it touches the object. Its segment may touch more: see {@link Strategy.segmentRan}. */
  readonly access: Access;
  /** Which life of the object is meant, where an id comes back, as that of a freed page. */
  readonly incarnation: number;
  /** The mode in which it asks for a latch, as `S`; null for what is no latch. */
  readonly latchMode: string | null;
  /** Whether it is a release that was deferred; no code of the task runs after it. */
  readonly isRelease: boolean;
}

/**
 * One decision: which of several runnable tasks goes on, or which value a random choice takes.
 *
 * The object is reused from decision to decision; a strategy must not keep it.
 */
export interface ChoicePoint {
  /** Whether a task or a value is chosen. */
  readonly kind: "task" | "value";
  /** How many options there are; at least 2. */
  readonly count: number;
  /** For a task choice, the option that goes on without a preemption, or -1 if it cannot go on. */
  readonly currentIndex: number;
  /**
   * For a task choice, the option that is a crash, or -1. It costs no preemption, is possible at
   * every step of the run, and there is always another option beside it.
   */
  readonly crashIndex: number;
  /** Steps taken so far in this run. */
  readonly stepIndex: number;
  /** Entries in the run's schedule so far: steps taken and values drawn. */
  readonly decisionIndex: number;
  /** Tasks known so far; ids are dense below it. */
  readonly taskCount: number;
  /** The task whose segment runs or ran last, and draws the value; null before the first. */
  readonly runner: TaskId | null;
  /** The task behind an option. Requires: `kind` is `task`. */
  taskAt(index: number): TaskId;
  /** Steps that a task has taken so far. */
  stepsTaken(task: TaskId): number;
  /**
   * The step that an option's task is about to take; null for a value. Valid until the choice is
   * made.
   */
  pendingAt(index: number): PendingStep | null;
  /**
   * Whether an option's step would be taken now. False if it would only join a queue, so that the
   * task waits there: a step all the same, since its place in the queue matters.
   */
  canTakeAt(index: number): boolean;
  /** What a task is about to do, whether or not it can go on now; null if it has ended. */
  pendingOf(task: TaskId): PendingStep | null;
}

/** How a run ended, as a strategy sees it. */
export interface RunSummary {
  readonly steps: number;
  /** Steps at which the strategy had a choice between tasks; a crash is none. */
  readonly choices: number;
  readonly preemptions: number;
  readonly failed: boolean;
  /** Whether the strategy has abandoned it: it says nothing about the program. */
  readonly abandoned: boolean;
  /** How many tasks there were; their ids are dense below it. */
  readonly taskCount: number;
  /** Hash of the happens-before order: runs of one class have the same. O(tasks) at each look. */
  readonly orderHash: number;
  /** Steps that each task took in this run. */
  stepsTaken(task: TaskId): number;
  /** Whether a crash dropped the task before its end. */
  wasStopped(task: TaskId): boolean;
  /** Why it failed, or null. */
  readonly failure: Failure | null;
  /**
   * Whether it went on so long that the simulator let time pass though tasks could go on, or shared
   * out the steps itself: then not all that happened was chosen.
   */
  readonly wasHurried: boolean;
  /** What a task that has not ended was about to do. */
  pendingOf(task: TaskId): PendingStep | null;
  /** The task that spawned this one, or null if it was there from the start. */
  parentOf(task: TaskId): TaskId | null;
}

/** What a strategy can promise about what it explored; all parts optional but the name. */
export interface Coverage {
  readonly strategy: string;
  /** Every schedule within the bound was run. */
  readonly exhausted: boolean;
  /** Most preemptions per schedule, or null if unbounded. */
  readonly preemptionBound: number | null;
  /** For PCT, the depth of the bugs that its bounds are about: how many orders must be right. */
  readonly bugDepth?: number;
  /** PCT's lower bound on the chance that one run shows a bug of this depth, or null. */
  readonly runProbability: number | null;
  /** The same for all runs made together, or null. */
  readonly allRunsProbability: number | null;
  /** Different schedules that were run, where the strategy knows, or null. */
  readonly schedules: number | null;
}

/**
 * Decides every interleaving. One small file each in `strategies/`.
 *
 * A strategy draws all its randomness from a generator it was given, so that its seed and its
 * options decide the whole sequence of runs.
 */
export interface Strategy {
  /** As the command line names it: `random`, `pct2`, `dfs`. */
  readonly name: string;
  /** Prepares the next run; false if there is nothing left to explore. */
  beginRun(): boolean;
  /**
   * Picks an option, from 0 to `point.count - 1`, or {@link ABANDON}. Called only where there is a
   * choice.
   */
  choose(point: ChoicePoint): number | typeof ABANDON;
  /**
   * Learns what a segment did, forced ones included, right after it ran and before the next choice.
   * May give {@link ABANDON}. Without this method nothing is recorded, and runs are faster.
   */
  segmentRan?(segment: Segment): typeof ABANDON | void;
  /** Learns how the run ended. */
  endRun(summary: RunSummary): void;
  /** What has been explored so far. */
  coverage(): Coverage;
}

/** The coverage of a strategy that samples and promises nothing. */
export function sampledCoverage(strategy: string): Coverage {
  return {
    strategy,
    exhausted: false,
    preemptionBound: null,
    runProbability: null,
    allRunsProbability: null,
    schedules: null,
  };
}
