import { type Access, doCommute, type Fact, type TaskId } from "../task/index.ts";

/** One object that a segment touched, and how: in several ways of different kinds, as a write. */
export interface Touch {
  readonly objectId: number;
  readonly access: Access;
}

/** A task that was dropped before its next step. */
export interface Stopped {
  readonly task: TaskId;
  readonly asked: Touch | null;
}

/** How a segment's step ended: see `StepOutcome`. */
export type SegmentOutcome = "taken" | "queued" | "released" | "failed";

/**
 * What one task did between two others: a step, and then its code up to its next step. The unit of
 * which interleavings are made.
 */
export interface Segment {
  readonly task: TaskId;
  /** What its step does, as it looked before. */
  readonly fact: Fact;
  /** Steps taken before it in this run. */
  readonly stepIndex: number;
  /** Its part of the schedule: the task's entry, and those of the values that it drew. */
  readonly firstDecision: number;
  readonly endDecision: number;
  /** Whether there was no choice but this task. */
  readonly isForced: boolean;
  /** Whether it began with a crash. It touches everything: no segment commutes with it. */
  readonly isCrash: boolean;
  /** Whether time passed before it and after the segment before. */
  readonly isAfterTime: boolean;
  /** Whether all tasks had ended before it, and more were added, as for a final check. */
  readonly isAfterRest: boolean;
  /** Whether the run failed in it, so that nothing came after. */
  readonly isFatal: boolean;
  /** `queued`: the step only joined a queue, and the task waits there. */
  readonly outcome: SegmentOutcome;
  /** Whatever it touched, its step's object first if it has one. */
  readonly footprint: readonly Touch[];
  /** The same as it came about: in order, an object again wherever its access grew. */
  readonly accesses: readonly Touch[];
  /** How its step asked for its object, whatever came of it; null if it has none. */
  readonly asked: Touch | null;
  /** Whether its step is not enabled while another task holds the object that it asks for. */
  readonly waitsWhileHeld: boolean;
  /** The objects that it released, in order. */
  readonly released: readonly number[];
  /**
   * The objects that nobody could have taken before it, or not in every mode; one that its own step
   * has taken is not among them.
   */
  readonly opened: readonly number[];
  /** The tasks whose end it came after, as it has joined them. */
  readonly joined: readonly TaskId[];
  /** The other tasks that could not go on before it and can after it. */
  readonly enabled: readonly TaskId[];
  /** The other tasks that could go on before it and cannot after it. */
  readonly disabled: readonly TaskId[];
  /** Tasks whose next step must come after it, though they may wait for more, as a mutex. */
  readonly letGo: readonly TaskId[];
  /** The tasks that it dropped, as a crash does, and how their next steps asked for what. */
  readonly stopped: readonly Stopped[];
  /** The tasks that it added. */
  readonly made: readonly TaskId[];
}

/** Whether two segments touch nothing in ways that do not commute. O(touches of a × of b). */
export function areIndependent(a: Segment, b: Segment): boolean {
  if (a.task === b.task || a.isCrash || b.isCrash) return false;
  return a.footprint.every((mine) =>
    b.footprint.every(
      (other) => mine.objectId !== other.objectId || doCommute(mine.access, other.access),
    ),
  );
}
