/** Brands a dense number as a task's id. */
export function taskId(index) {
    return index;
}
/** The step touches no shared object, as a sleep. */
export const ACCESS_NONE = 0;
/** Two such accesses of one object commute, as two reads or two shared latches. */
export const ACCESS_READ = 1;
/** The access commutes with no other access of its object. */
export const ACCESS_WRITE = 2;
/**
 * The access changes the object, and yet two such accesses commute, as two pins of pages or two
 * additions to a counter. It commutes neither with a read nor with a write.
 */
export const ACCESS_COMMUTE = 3;
/** Whether two accesses of one object lead to the same state in either order. */
export function doCommute(a, b) {
    return a === ACCESS_NONE || b === ACCESS_NONE || (a === b && a !== ACCESS_WRITE);
}
/** Taking the step leaves nothing held. */
export const HOLDS_NOTHING = 0;
/** Once taken, the task holds the object until it releases it, and it may have waited for it. */
export const HOLDS_AFTER_WAIT = 1;
/** Once taken, the task holds the object, and could not have waited for it. */
export const HOLDS_AFTER_TRY = 2;
/** The object id of a step that touches no shared object. */
export const NO_OBJECT = -1;
/**
 * One thing that a task does to something shared, or has to wait for.
 *
 * A task yields the step *before* it happens: the driver sees what the task is about to do, decides
 * when, and resumes the task once the step is taken. A step object belongs to whoever made it and
 * is reused; it may be pending for one task at a time unless it keeps no state of its own.
 */
export class Step {
    /** Which shared object is touched: dense within one driver, or {@link NO_OBJECT}. */
    objectId = NO_OBJECT;
    /** How it is touched. */
    access = ACCESS_NONE;
    /** What the task holds once the step is taken. */
    holding = HOLDS_NOTHING;
    /** Distinguishes the lives of an object id that is reused, as that of a freed page. */
    incarnation = 0;
    /** For the driver: whom it has parked on this step, or null. */
    parked = null;
    /** When the driver's clock will enable it; infinite if it does not wait for time. */
    dueAtMs = Number.POSITIVE_INFINITY;
    /** The mode in which it asks for a latch, as `S`; null for a step that asks for none. */
    get latchMode() {
        return null;
    }
    /**
     * Whether it is not enabled while its object is held, or used up, by others: it has to wait, and
     * does not join a queue, which would be a step.
     */
    get waitsWhileHeld() {
        return this.holding === HOLDS_AFTER_WAIT;
    }
    /** Whether it releases something; steps that tasks yield do not. */
    get isRelease() {
        return false;
    }
    /**
     * Whether {@link take} would take the step now, and not join a queue. Requires: it is enabled.
     */
    canTake(_task) {
        return true;
    }
    /**
     * Called by a driver that does not ask again, when a step it was given is not enabled: whatever
     * the step waits on must wake it from then on. Steps that are woken from the start need nothing.
     */
    park(_task) { }
    /**
     * Whether somebody must have called `Host.wake` for a step that is enabled and was not when it
     * was last asked: without the call, its task would sleep on. That is so unless whoever drives the
     * step sees by itself when it is enabled, as for a moment in time, or another task that was woken
     * sees to it that this one will be.
     */
    needsWake(_task) {
        return true;
    }
    /** Appends the tasks of which each must move before this step can be taken. */
    collectBlockers(_task, _into) { }
    /**
     * What is done, as plain data. Made anew at each call, for whoever looks: a driver that nobody
     * listens to never asks. Asked before the step is taken, it says what the step is about to do;
     * right after, also what it came to.
     */
    fact() {
        return { kind: "custom", label: this.label ?? "step" };
    }
    /**
     * What the step that was taken just now was, and came to: its {@link fact}, unless the object
     * stands for another step by then.
     */
    deed() {
        return this.fact();
    }
    /**
     * Lets a task write `yield* step`; a bare `yield step` costs less and means the same. Steps that
     * give the task a value return it here.
     */
    *[Symbol.iterator]() {
        yield this;
        return undefined;
    }
}
