import { doCommute, type TaskId } from "../../task/index.ts";
import type { Segment, Stopped, Touch } from "../segment.ts";

/** A value that a segment drew, and out of how many. */
export interface Draw {
  readonly value: number;
  readonly count: number;
}

/** What is known of something that a task may do, as far as its order with others matters. */
export interface Action {
  readonly task: TaskId;
  readonly touches: readonly Touch[];
  /** Bits that stand for the objects touched: two that have none in common touch none. */
  readonly mask: number;
  readonly isCrash: boolean;
  /** Whether the run failed in it, so that it kept all others from going on. */
  readonly isFatal: boolean;
  /** If it is fatal: the tasks that it did not keep from anything, as those of a cycle. */
  readonly spared: readonly TaskId[];
}

/** A segment that was run, with the values that it drew. */
export interface Event extends Action {
  readonly draws: readonly Draw[];
  /** How its step asked for its object; null if it has none. */
  readonly asked: Touch | null;
  readonly waitsWhileHeld: boolean;
  /** Whether its step was taken, and did not only join a queue. */
  readonly isTaken: boolean;
  readonly opened: readonly number[];
  readonly joined: readonly TaskId[];
  /** The tasks whose next events come after it, whatever they touch. */
  readonly letsGo: readonly TaskId[];
  /** Whether everything before it comes before it: time passed, or all tasks had ended. */
  readonly isBarrier: boolean;
  readonly stopped: readonly Stopped[];
  /** The tasks that it added. */
  readonly made: readonly TaskId[];
}

/** What a strategy is told of a segment, as an event. */
export function eventOf(segment: Segment, draws: readonly Draw[]): Event {
  const { task, accesses, isCrash, isFatal, asked, waitsWhileHeld, opened, joined } = segment;
  const { made, stopped } = segment;
  return {
    task,
    draws: [...draws],
    touches: accesses,
    mask: maskOf(accesses),
    isCrash,
    isFatal,
    spared: [],
    asked,
    waitsWhileHeld,
    isTaken: segment.outcome === "taken",
    opened,
    joined,
    letsGo: [...segment.enabled, ...segment.letGo],
    isBarrier: segment.isAfterTime || segment.isAfterRest,
    made,
    stopped,
  };
}

/**
 * Whether two actions of one moment may come to something else in the other order: if they touch an
 * object in ways that do not commute, if one of them ends the world for the other, or if they are
 * of one task. O(touches of a × of b).
 */
export function areDependent(a: Action, b: Action): boolean {
  return a.task === b.task || endsFor(a, b) || endsFor(b, a) || doTouchesMeet(a, b);
}

/** Whether they touch an object in ways that do not commute. */
export function doTouchesMeet(a: Action, b: Action): boolean {
  if ((a.mask & b.mask) === 0) return false;
  for (const mine of a.touches) if (doesMeet(mine, b)) return true;
  return false;
}

/** See {@link Action.mask}. */
export function maskOf(touches: readonly Touch[]): number {
  let mask = 0;
  for (const { objectId } of touches) mask |= 1 << (objectId & 31);
  return mask;
}

/** Whether one access does not commute with what an action touches. */
export function doesMeet(touch: Touch, other: Action): boolean {
  for (const { objectId, access } of other.touches) {
    if (objectId === touch.objectId && !doCommute(access, touch.access)) return true;
  }
  return false;
}

/** Whether the other task can do nothing more after an action, be it a crash or a failure. */
export function endsFor(action: Action, { task }: Action): boolean {
  return action.isCrash || (action.isFatal && !action.spared.includes(task));
}

/** Whether two events drew the same values. */
export function areSameDraws(a: readonly Draw[], b: readonly Draw[]): boolean {
  return a.length === b.length && a.every(({ value }, i) => value === b[i]?.value);
}

/** Whether two events touched the same in the same way, in the same order. */
export function areSameTouches(a: readonly Touch[], b: readonly Touch[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ objectId, access }, i) => {
    const other = b[i];
    return other?.objectId === objectId && other.access === access;
  });
}
