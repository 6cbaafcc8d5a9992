import { ACCESS_NONE, ACCESS_WRITE, taskId, } from "../task/index.js";
/** Of a segment that begins without a step, as the run's start does. */
const NOTHING = { kind: "custom", label: "" };
/**
 * Notes each segment of a run while it runs, and hands it out once it is known what it enabled.
 * Only there if somebody wants to know: a run goes faster without.
 */
export class SegmentWatch {
    #touches = new Map();
    #accesses = [];
    #released = [];
    #letGo = [];
    #stopped = [];
    #opened = [];
    #joined = [];
    #start = null;
    #outcome = "taken";
    #enabledBefore = [];
    #tasksKnown = 0;
    #hasTimePassed = false;
    #hasRested = false;
    /** Whether only one segment could come next. */
    #isForced = false;
    /** Forgets everything, at the start of a run. */
    reset() {
        this.#start = null;
        this.#tasksKnown = 0;
        this.#enabledBefore = [];
        this.#hasTimePassed = false;
        this.#hasRested = false;
    }
    /** All tasks had ended, and more have been added. */
    rested() {
        this.#hasRested = true;
    }
    /** Time passes, between two segments. */
    timePassed() {
        this.#hasTimePassed = true;
    }
    /**
     * A task's segment begins.
     *
     * @param stepIndex Steps taken before.
     * @param firstDecision How many entries the schedule had before.
     */
    begin(task, stepIndex, firstDecision) {
        const { pending, step } = task;
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
        this.#touches = new Map();
        this.#accesses = [];
        this.#released = [];
        this.#letGo = [];
        this.#stopped = [];
        this.#opened = [];
        this.#joined = [];
    }
    touch(objectId, access) {
        if (access === ACCESS_NONE)
            return;
        const known = this.#touches.get(objectId);
        const merged = known === undefined || known === access ? access : ACCESS_WRITE;
        if (known === merged)
            return;
        this.#touches.set(objectId, merged);
        this.#accesses.push({ objectId, access: merged });
    }
    opened(objectId) {
        this.#opened.push(objectId);
    }
    joined(task) {
        this.#joined.push(task);
    }
    stopped({ id, pending }) {
        if (pending !== null)
            this.#stopped.push({ task: id, asked: askedBy(pending) });
    }
    letGo(task) {
        this.#letGo.push(task);
    }
    released(objectId) {
        this.#released.push(objectId);
    }
    /** The segment's step has ended otherwise than by being taken. */
    ended(outcome) {
        this.#outcome = outcome;
    }
    /**
     * The segment that has just run; null if it was handed out, or none has run.
     *
     * @param endDecision How many entries the schedule has now.
     * @param point The tasks that can go on now.
     * @param isFatal Whether the run failed in it.
     */
    finish(endDecision, point, isFatal) {
        const enabled = point.enabledTasks();
        this.#isForced = point.count === 1;
        const known = this.#tasksKnown;
        this.#tasksKnown = point.taskCount;
        const before = this.#enabledBefore;
        this.#enabledBefore = enabled;
        const start = this.#start;
        if (start === null)
            return null;
        this.#start = null;
        const { task } = start;
        return {
            ...start,
            endDecision,
            outcome: this.#outcome,
            footprint: Array.from(this.#touches, ([objectId, access]) => ({ objectId, access })),
            accesses: this.#accesses,
            released: this.#released,
            letGo: this.#letGo,
            stopped: this.#stopped,
            opened: this.#opened,
            joined: this.#joined,
            made: idsBetween(known, this.#tasksKnown),
            isFatal,
            enabled: enabled.filter((other) => other !== task && !before.includes(other)),
            disabled: before.filter((other) => other !== task && !enabled.includes(other)),
        };
    }
}
function idsBetween(first, end) {
    return Array.from({ length: end - first }, (_, i) => taskId(first + i));
}
function askedBy(pending) {
    if (pending === null || pending.access === ACCESS_NONE)
        return null;
    return { objectId: pending.objectId, access: pending.access };
}
