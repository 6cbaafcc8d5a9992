import { ACCESS_NONE } from "../task/index.js";
import { OrderHash } from "./order-hash.js";
import { CLOCK_OBJECT } from "./own-objects.js";
import { SegmentWatch } from "./segment-watch.js";
/**
 * What the segments of a run touch: all of it goes into the happens-before hash, and, if somebody
 * wants to know, each segment is handed out with its footprint.
 */
export class Accesses {
    #hash = new OrderHash();
    #kept = new SegmentWatch();
    /** As {@link #kept}, in a run whose segments somebody wants to know of. */
    #watch = null;
    /** The hash of the task whose segment runs; null between two segments. */
    #running = null;
    /** Starts a new run. */
    begin(isWatched) {
        this.#hash.reset();
        this.#kept.reset();
        this.#watch = isWatched ? this.#kept : null;
        this.#running = null;
    }
    /** See `Scheduler.orderHash`. */
    get orderHash() {
        return this.#hash.value();
    }
    /** A segment begins, of the task with this id. */
    segmentBegins(task) {
        this.#running = this.#hash.lanesOf(task);
    }
    /** As {@link SegmentWatch.begin}. Requires: the run is watched. */
    watch(task, stepIndex, firstDecision) {
        this.#watch?.begin(task, stepIndex, firstDecision);
    }
    /** The segment that ran has ended: what comes now is no task's. */
    segmentEnds() {
        this.#running = null;
    }
    /** The segment's step has ended otherwise than by being taken. */
    stepEnded(outcome) {
        this.#watch?.ended(outcome);
    }
    /** As {@link SegmentWatch.finish}. Requires: the run is watched. */
    finish(endDecision, point, isFatal) {
        return this.#watch?.finish(endDecision, point, isFatal) ?? null;
    }
    /** The next step of a task comes after the segment that runs: see {@link Segment.letGo}. */
    letGo(task) {
        if (this.#running !== null)
            this.#watch?.letGo(task);
    }
    /** See `Segment.opened`. */
    opened(objectId) {
        if (this.#running !== null)
            this.#watch?.opened(objectId);
    }
    /** See `Segment.joined`. */
    joined(task) {
        if (this.#running !== null)
            this.#watch?.joined(task);
    }
    /** The segment that runs is about to drop a task. */
    stopped(task) {
        this.#watch?.stopped(task);
    }
    /** All tasks had ended, and more have been added. */
    rested() {
        this.#watch?.rested();
    }
    /** The segment that runs touches an object. Does nothing between segments. */
    touch(objectId, access) {
        const running = this.#running;
        if (running === null || access === ACCESS_NONE)
            return;
        this.#hash.add(running, objectId, access);
        if (this.#watch !== null)
            this.#watch.touch(objectId, access);
    }
    /** The segment that runs releases an object that its task took before, which is an access. */
    released(objectId, access) {
        const running = this.#running;
        if (running === null || access === ACCESS_NONE)
            return;
        this.#hash.release(running, objectId, access);
        if (this.#watch === null)
            return;
        this.#watch.touch(objectId, access);
        this.#watch.released(objectId);
        this.#watch.opened(objectId);
    }
    /** The segment that runs draws a value. */
    drew(value) {
        if (this.#running !== null)
            this.#hash.drew(this.#running, value);
    }
    /** Time passes, between two segments. */
    timePassed() {
        this.#watch?.timePassed();
        this.#hash.changed(CLOCK_OBJECT);
    }
}
