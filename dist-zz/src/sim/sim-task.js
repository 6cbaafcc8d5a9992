import { labelOf, mustBeThere, } from "../task/index.js";
/** What a deferred release does. */
export const RELEASE_FACT = { kind: "release" };
function releaseFact() {
    return RELEASE_FACT;
}
/** A task as the scheduler sees it. */
export class SimTask {
    id;
    /** The task that spawned it, or null if it was there from the start. */
    parent = null;
    source;
    code = null;
    /** What it is about to do, or null once it has ended. */
    step = null;
    /** Releases deferred, oldest first; each is taken as a step before `step`. */
    releases = [];
    /** Whether the current operation has taken no step yet. */
    isFresh = false;
    stepsTaken = 0;
    /** How many of them it had taken when time moved last. */
    stepsBefore = 0;
    /** The fault that its last step met, to be thrown into its code. */
    fault = null;
    /** Whether it was dropped before its end. */
    wasStopped = false;
    /** Whether its next step is a crash. */
    isCrash;
    /** Whether its step was not enabled when last asked, and has not been woken since. */
    isParked = false;
    constructor(id, source) {
        this.id = id;
        this.source = source;
        this.isCrash = source.isCrash === true;
    }
    /** What it does next, for strategies; null if it has ended. */
    get pending() {
        const [release] = this.releases;
        if (release === undefined)
            return this.step;
        const { objectId, incarnation, releaseAccess: access } = release;
        const fact = releaseFact;
        return { fact, objectId, access, incarnation, latchMode: null, isRelease: true };
    }
    get isDone() {
        return this.step === null && this.releases.length === 0;
    }
    isEnabled() {
        if (this.releases.length > 0)
            return true;
        const { step } = this;
        if (step === null)
            return false;
        const isEnabled = step.isEnabled(this.id);
        if (isEnabled === true)
            return true;
        if (isEnabled === false && this.isParked)
            return false;
        return this.#isEnabledAfterAll(step, isEnabled);
    }
    /**
     * Whether its step can be taken only because the scheduler asks at every turn: it was parked, and
     * whatever it waits on forgot to wake it. Requires: it is enabled.
     */
    get isForgotten() {
        if (!this.isParked || this.step === null)
            return false;
        if (this.step.needsWake(this.id))
            return true;
        this.isParked = false;
        return false;
    }
    /** Drops whatever it was about to do; its code is never resumed, not even to clean up. */
    stop() {
        if (this.isDone)
            return;
        this.wasStopped = true;
        this.code = null;
        this.step = null;
        this.fault = null;
        this.isParked = false;
        this.releases.length = 0;
    }
    /** Makes the object a task that has not begun, for the next run. */
    reuse(source) {
        this.source = source;
        this.code = null;
        this.step = null;
        if (this.releases.length > 0)
            this.releases.length = 0;
        this.isFresh = false;
        this.stepsTaken = 0;
        this.stepsBefore = 0;
        this.fault = null;
        this.wasStopped = false;
        this.isCrash = source.isCrash === true;
        this.isParked = false;
    }
    /** Parks its step unless the answer means that it is enabled; says which. */
    #isEnabledAfterAll(step, answer) {
        // Whoever gives something else than a boolean has a step of their own, in JavaScript.
        if (answer) {
            mustBeThere(`${labelOf(step.fact())}: isEnabled`, answer, "expected true or false");
            return true;
        }
        if (this.isParked)
            return false;
        this.isParked = true;
        // What its driver asks anyway is not handed over to anybody: a schedule decides who is next.
        if (step.needsWake(this.id))
            step.park(this.id);
        return false;
    }
}
/** Names a task and what it is doing, as `writer (insert 15)`; a plain program is its name only. */
export function nameWithOperation(taskName, operation) {
    return operation === "" ? taskName : `${taskName} (${operation})`;
}
