/**
 * How often time passes in a run only because somebody looks at the clock. It passes for twice as
 * long each time, so that any deadline there is has passed by then.
 */
const LEAPS_MAX = 48;
/**
 * The time of a run: it does not pass while any task can go on, and then jumps to the first moment
 * that somebody waits for.
 *
 * A task may wait for time without a step that says so: its code, or its step when asked whether it
 * is enabled, compares the clock with a deadline. So where nobody waits for a moment and somebody
 * has looked at the clock since it moved last, it moves by 1 ms, then by 2, 4 and so on.
 */
export class VirtualTime {
    nowMs = 0;
    /** Who is to be woken later, and when. */
    #alarms = [];
    #wasRead = false;
    #leaps = 0;
    /** Starts a new run. */
    reset() {
        this.nowMs = 0;
        this.#wasRead = false;
        this.#leaps = 0;
        if (this.#alarms.length > 0)
            this.#alarms = [];
    }
    /** The time, for one who may wait for it to pass. */
    read() {
        this.#wasRead = true;
        return this.nowMs;
    }
    /** Has a step woken when time has come to a moment. */
    wakeAt(step, atMs) {
        this.#alarms.push({ step, atMs });
    }
    /** No task can go on: moves to the first moment that one waits for; false if there is none. */
    advance(run) {
        const due = this.#firstDue(run.tasks);
        return due === Number.POSITIVE_INFINITY
            ? this.#leapTo(run, this.#leap())
            : this.#moveTo(run, due);
    }
    /**
     * Tasks go on and on: moves all the same, if somebody waits for it; else false. Whoever can go
     * on has its turn before, for no real scheduler keeps a task waiting until a deadline has passed.
     */
    pass(run) {
        if (run.tasks.some(isOwedATurn))
            return false;
        const due = this.#firstDue(run.tasks);
        const leap = this.#leap();
        return leap < due ? this.#leapTo(run, leap) : this.#moveTo(run, due);
    }
    #firstDue(tasks) {
        let first = Number.POSITIVE_INFINITY;
        for (const { step } of tasks) {
            // What was due before and is disabled all the same waits for something else than time.
            if (step !== null && step.dueAtMs > this.nowMs && step.dueAtMs < first)
                first = step.dueAtMs;
        }
        return first;
    }
    #leap() {
        if (!this.#wasRead || this.#leaps === LEAPS_MAX)
            return Number.POSITIVE_INFINITY;
        return this.nowMs + 2 ** this.#leaps;
    }
    #leapTo(run, nextMs) {
        this.#leaps++;
        return this.#moveTo(run, nextMs);
    }
    #moveTo(run, nextMs) {
        if (nextMs === Number.POSITIVE_INFINITY)
            return false;
        this.nowMs = nextMs;
        this.#wasRead = false;
        for (const task of run.tasks)
            task.stepsBefore = task.stepsTaken;
        if (this.#alarms.length > 0)
            this.#ring(run);
        return true;
    }
    #ring(run) {
        const due = this.#alarms.filter(({ atMs }) => atMs <= this.nowMs);
        this.#alarms = this.#alarms.filter(({ atMs }) => atMs > this.nowMs);
        for (const { step } of due)
            run.wake(step);
    }
}
function isOwedATurn(task) {
    return !task.isCrash && task.stepsTaken === task.stepsBefore && task.isEnabled();
}
