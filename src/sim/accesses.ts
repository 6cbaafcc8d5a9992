import { type Access, ACCESS_NONE, type TaskId } from "../task/index.ts";
import type { LiveChoicePoint } from "./choice-point.ts";
import { OrderHash, type TaskLanes } from "./order-hash.ts";
import { CLOCK_OBJECT } from "./own-objects.ts";
import type { Segment, SegmentOutcome } from "./segment.ts";
import { SegmentWatch } from "./segment-watch.ts";
import type { DeferredRelease, SimTask } from "./sim-task.ts";

/**
 * What the segments of a run touch: all of it goes into the happens-before hash, and, if somebody
 * wants to know, each segment is handed out with its footprint.
 */
export class Accesses {
  readonly #hash = new OrderHash();
  readonly #kept = new SegmentWatch();
  /** As {@link #kept}, in a run whose segments somebody wants to know of. */
  #watch: SegmentWatch | null = null;
  /** The hash of the task whose segment runs; null between two segments. */
  #running: TaskLanes | null = null;

  /** Starts a new run. */
  begin(isWatched: boolean): void {
    this.#hash.reset();
    this.#kept.reset();
    this.#watch = isWatched ? this.#kept : null;
    this.#running = null;
  }

  /** See `Scheduler.orderHash`. */
  get orderHash(): number {
    return this.#hash.value();
  }

  /** A segment begins, of the task with this id. */
  segmentBegins(task: number): void {
    this.#running = this.#hash.lanesOf(task);
  }

  /** As {@link SegmentWatch.begin}. Requires: the run is watched. */
  watch(task: SimTask, stepIndex: number, firstDecision: number): void {
    this.#watch?.begin(task, stepIndex, firstDecision);
  }

  /** The segment that ran has ended: what comes now is no task's. */
  segmentEnds(): void {
    this.#running = null;
  }

  /** The segment's step has ended otherwise than by being taken. */
  stepEnded(outcome: SegmentOutcome): void {
    this.#watch?.ended(outcome);
  }

  /** As {@link SegmentWatch.finish}. Requires: the run is watched. */
  finish(endDecision: number, point: LiveChoicePoint, isFatal: boolean): Segment | null {
    return this.#watch?.finish(endDecision, point, isFatal) ?? null;
  }

  /** The next step of a task comes after the segment that runs: see {@link Segment.letGo}. */
  letGo(task: TaskId): void {
    if (this.#running !== null) this.#watch?.letGo(task);
  }

  /** A task gives back what others waited for, if they could not share it with the task. */
  gaveBack({ objectId, latchMode }: DeferredRelease): void {
    if (latchMode !== "U") this.opened(objectId);
  }

  /** See `Segment.opened`. */
  opened(objectId: number): void {
    if (this.#running !== null) this.#watch?.opened(objectId);
  }

  /** See `Segment.joined`. */
  joined(task: TaskId): void {
    if (this.#running !== null) this.#watch?.joined(task);
  }

  /** The segment that runs is about to drop a task. */
  stopped(task: SimTask): void {
    this.#watch?.stopped(task);
  }

  /** All tasks had ended, and more have been added. */
  rested(): void {
    this.#watch?.rested();
  }

  /** The segment that runs touches an object. Does nothing between segments. */
  touch(objectId: number, access: Access): void {
    const running = this.#running;
    if (running === null || access === ACCESS_NONE) return;
    this.#hash.add(running, objectId, access);
    if (this.#watch !== null) this.#watch.touch(objectId, access);
  }

  /** The segment that runs releases an object that its task took before, which is an access. */
  released(objectId: number, access: Access): void {
    const running = this.#running;
    if (running === null || access === ACCESS_NONE) return;
    this.#hash.release(running, objectId, access);
    if (this.#watch === null) return;
    this.#watch.touch(objectId, access);
    this.#watch.released(objectId);
  }

  /** The segment that runs draws a value. */
  drew(value: number): void {
    if (this.#running !== null) this.#hash.drew(this.#running, value);
  }

  /** Time passes, between two segments. */
  timePassed(): void {
    this.#watch?.timePassed();
    this.#hash.changed(CLOCK_OBJECT);
  }
}
