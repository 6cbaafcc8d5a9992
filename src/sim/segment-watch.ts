import {
  type Access,
  ACCESS_NONE,
  ACCESS_WRITE,
  type Fact,
  HOLDS_NOTHING,
  type Step,
  type TaskId,
  taskId,
} from "../task/index.ts";
import type { LiveChoicePoint } from "./choice-point.ts";
import type { Segment, SegmentOutcome, Stopped, Touch } from "./segment.ts";
import type { SimTask } from "./sim-task.ts";
import type { PendingStep } from "./strategy.ts";

/** Of a segment that begins without a step, as the run's start does. */
const NOTHING: Fact = { kind: "custom", label: "" };

const NONE: readonly never[] = [];

/**
 * Notes each segment of a run while it runs, and hands it out once it is known what it enabled.
 * Only there if somebody wants to know: a run goes faster without.
 */
export class SegmentWatch {
  #accesses: Touch[] = [];
  #released: number[] = [];
  /** What few segments have; null while there is nothing of it. */
  #letGo: TaskId[] | null = null;
  #stopped: Stopped[] | null = null;
  #opened: number[] | null = null;
  #joined: TaskId[] | null = null;
  #start: SegmentStart | null = null;
  /** The segment's step; null if it begins without one, or with a release. */
  #step: Step | null = null;
  /** Whether it was about to take its object; one that only tries says so once it has. */
  #isToHold = false;
  #outcome: SegmentOutcome = "taken";
  #enabledBefore: readonly TaskId[] = [];
  #tasksKnown = 0;
  #hasTimePassed = false;
  #hasRested = false;
  /** Whether only one segment could come next. */
  #isForced = false;

  /** Forgets everything, at the start of a run. */
  reset(): void {
    this.#start = null;
    this.#tasksKnown = 0;
    this.#enabledBefore = [];
    this.#hasTimePassed = false;
    this.#hasRested = false;
  }

  /** All tasks had ended, and more have been added. */
  rested(): void {
    this.#hasRested = true;
  }

  /** Time passes, between two segments. */
  timePassed(): void {
    this.#hasTimePassed = true;
  }

  /**
   * A task's segment begins.
   *
   * @param stepIndex Steps taken before.
   * @param firstDecision How many entries the schedule had before.
   */
  begin(task: SimTask, stepIndex: number, firstDecision: number): void {
    const { pending, step } = task;
    this.#step = task.releases.length === 0 ? step : null;
    this.#isToHold = step !== null && step.holding !== HOLDS_NOTHING;
    this.#start = {
      task: task.id,
      fact: pending?.fact() ?? NOTHING,
      asked: askedBy(pending),
      waitsWhileHeld: step?.waitsWhileHeld === true && task.releases.length === 0,
      stepIndex,
      firstDecision,
      isForced: this.#isForced,
      isCrash: task.isCrash,
      isAfterTime: this.#hasTimePassed,
      isAfterRest: this.#hasRested,
    };
    this.#hasTimePassed = false;
    this.#hasRested = false;
    this.#outcome = "taken";
    this.#accesses = [];
    this.#released = [];
    this.#letGo = this.#stopped = this.#opened = this.#joined = null;
  }

  touch(objectId: number, access: Access): void {
    if (access === ACCESS_NONE) return;
    const known = lastOf(this.#accesses, objectId);
    const merged = known === null || known === access ? access : ACCESS_WRITE;
    if (known !== merged) this.#accesses.push({ objectId, access: merged });
  }

  opened(objectId: number): void {
    // What it has taken itself was open before.
    const { holding = HOLDS_NOTHING, objectId: asked } = this.#step ?? {};
    if (asked === objectId && (this.#isToHold || holding !== HOLDS_NOTHING)) return;
    (this.#opened ??= []).push(objectId);
  }

  joined(task: TaskId): void {
    (this.#joined ??= []).push(task);
  }

  stopped({ id, pending }: SimTask): void {
    if (pending !== null) (this.#stopped ??= []).push({ task: id, asked: askedBy(pending) });
  }

  letGo(task: TaskId): void {
    (this.#letGo ??= []).push(task);
  }

  released(objectId: number): void {
    this.#released.push(objectId);
  }

  /** The segment's step has ended otherwise than by being taken. */
  ended(outcome: SegmentOutcome): void {
    this.#outcome = outcome;
  }

  /**
   * The segment that has just run; null if it was handed out, or none has run.
   *
   * @param endDecision How many entries the schedule has now.
   * @param point The tasks that can go on now.
   * @param isFatal Whether the run failed in it.
   */
  finish(endDecision: number, point: LiveChoicePoint, isFatal: boolean): Segment | null {
    const enabled = point.enabledTasks();
    this.#isForced = point.count === 1;
    const known = this.#tasksKnown;
    this.#tasksKnown = point.taskCount;
    const before = this.#enabledBefore;
    this.#enabledBefore = enabled;
    const start = this.#start;
    if (start === null) return null;
    this.#start = null;
    const { task } = start;
    // Written out: to spread an object costs more than all else here.
    return {
      task,
      fact: start.fact,
      asked: start.asked,
      waitsWhileHeld: start.waitsWhileHeld,
      stepIndex: start.stepIndex,
      firstDecision: start.firstDecision,
      endDecision,
      isForced: start.isForced,
      isCrash: start.isCrash,
      isAfterTime: start.isAfterTime,
      isAfterRest: start.isAfterRest,
      isFatal,
      outcome: this.#outcome,
      footprint: mergedOf(this.#accesses),
      accesses: this.#accesses,
      released: this.#released,
      opened: this.#opened ?? NONE,
      joined: this.#joined ?? NONE,
      letGo: this.#letGo ?? NONE,
      stopped: this.#stopped ?? NONE,
      made: idsBetween(known, this.#tasksKnown),
      enabled: enabled.filter((other) => other !== task && !before.includes(other)),
      disabled: before.filter((other) => other !== task && !enabled.includes(other)),
    };
  }
}

/** What is known of a segment when it begins. */
type SegmentStart = Pick<
  Segment,
  | "task"
  | "fact"
  | "asked"
  | "waitsWhileHeld"
  | "stepIndex"
  | "firstDecision"
  | "isForced"
  | "isCrash"
  | "isAfterTime"
  | "isAfterRest"
>;

function idsBetween(first: number, end: number): readonly TaskId[] {
  if (first === end) return NONE;
  return Array.from({ length: end - first }, (_, i) => taskId(first + i));
}

function askedBy(pending: PendingStep | null): Touch | null {
  if (pending === null || pending.access === ACCESS_NONE) return null;
  return { objectId: pending.objectId, access: pending.access };
}

/** How an object was touched so far, all in all; null if it was not. O(accesses). */
function lastOf(accesses: readonly Touch[], objectId: number): Access | null {
  for (let i = accesses.length - 1; i >= 0; i--) {
    const touch = accesses[i];
    if (touch?.objectId === objectId) return touch.access;
  }
  return null;
}

/** Each object once, in the order of its first access, with its last one. */
function mergedOf(accesses: readonly Touch[]): readonly Touch[] {
  const merged: Touch[] = [];
  for (const touch of accesses) {
    const at = merged.findIndex(({ objectId }) => objectId === touch.objectId);
    if (at < 0) merged.push(touch);
    else merged[at] = touch;
  }
  return merged;
}
