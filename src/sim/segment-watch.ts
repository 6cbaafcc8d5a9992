import { type Access, ACCESS_NONE, ACCESS_WRITE, type Fact, type TaskId } from "../task/index.ts";
import type { LiveChoicePoint } from "./choice-point.ts";
import type { Segment, SegmentOutcome } from "./segment.ts";
import type { SimTask } from "./sim-task.ts";

/** Of a segment that begins without a step, as the run's start does. */
const NOTHING: Fact = { kind: "custom", label: "" };

/**
 * Notes each segment of a run while it runs, and hands it out once it is known what it enabled.
 * Only there if somebody wants to know: a run goes faster without.
 */
export class SegmentWatch {
  #touches: Map<number, Access> = new Map();
  #released: number[] = [];
  #start: SegmentStart | null = null;
  #outcome: SegmentOutcome = "taken";
  #enabledBefore: readonly TaskId[] = [];
  #hasTimePassed = false;
  /** Whether only one segment could come next. */
  #isForced = false;

  /** Forgets everything, at the start of a run. */
  reset(): void {
    this.#start = null;
    this.#enabledBefore = [];
    this.#hasTimePassed = false;
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
    this.#start = {
      task: task.id,
      fact: task.pending?.fact() ?? NOTHING,
      stepIndex,
      firstDecision,
      isForced: this.#isForced,
      isCrash: task.isCrash,
      isAfterTime: this.#hasTimePassed,
    };
    this.#hasTimePassed = false;
    this.#outcome = "taken";
    this.#touches = new Map();
    this.#released = [];
  }

  touch(objectId: number, access: Access): void {
    if (access === ACCESS_NONE) return;
    const known = this.#touches.get(objectId);
    this.#touches.set(objectId, known === undefined || known === access ? access : ACCESS_WRITE);
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
   */
  finish(endDecision: number, point: LiveChoicePoint): Segment | null {
    const enabled = point.enabledTasks();
    this.#isForced = point.count === 1;
    const before = this.#enabledBefore;
    this.#enabledBefore = enabled;
    const start = this.#start;
    if (start === null) return null;
    this.#start = null;
    const { task } = start;
    return {
      ...start,
      endDecision,
      outcome: this.#outcome,
      footprint: Array.from(this.#touches, ([objectId, access]) => ({ objectId, access })),
      released: this.#released,
      enabled: enabled.filter((other) => other !== task && !before.includes(other)),
      disabled: before.filter((other) => other !== task && !enabled.includes(other)),
    };
  }
}

/** What is known of a segment when it begins. */
type SegmentStart = Pick<
  Segment,
  "task" | "fact" | "stepIndex" | "firstDecision" | "isForced" | "isCrash" | "isAfterTime"
>;
