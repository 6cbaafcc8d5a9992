/** Steps at one moment after which time passes for the first time although tasks go on. */
const STILL_STEPS_MAX = 1000;
/** It passes sooner each time that it had to, but not before so many steps. */
const STILL_STEPS_MIN = 32;
/** Steps of waiting for time are not counted, as long as they are not so many times the limit. */
const WAITING_TIMES = 10;
/**
 * When a run has to be fair, when it is a livelock, and when time has to pass though tasks go on.
 *
 * Without a clock a run is continued fairly after `stepsMax` steps, and is a livelock after as many
 * more. Under a clock a task may poll until another, which sleeps, has done something; then steps
 * mean nothing but that time passes. So after many steps at one moment it is time for it to pass,
 * and if it does, those steps are not counted against the run. Their number is limited too, for
 * what polls beside a task that sleeps again and again may be a livelock all the same.
 */
export class Patience {
    #stepsMax;
    /** Steps at one moment after which time is to pass. */
    #stillMax = 0;
    /** The step at which time moved last, or at which it was found that nobody waits for it. */
    #movedAt = 0;
    /** Steps that were spent waiting for time since the run began, or since it became fair. */
    #waited = 0;
    #fairFrom = -1;
    /** Whether the run is continued fairly. */
    isFair = false;
    /** Whether time was made to pass though tasks went on, or the run had to be fair. */
    hasHurried = false;
    /** Whether what still runs is a livelock. */
    isOver = false;
    /** The step before which nothing of all this changes, so that one comparison is enough. */
    nextAt = 0;
    /**
     * As {@link nextAt} where the run is like most: nobody watches its segments, and it need not be
     * fair. Else 0.
     */
    calmUntil = 0;
    #isWatched = false;
    constructor(stepsMax) {
        this.#stepsMax = stepsMax;
        this.begin(false);
    }
    /** Steps since the run became fair; 0 before. */
    fairSteps(steps) {
        return this.#fairFrom < 0 ? 0 : steps - this.#fairFrom;
    }
    /** Starts a new run. */
    begin(isWatched) {
        this.#isWatched = isWatched;
        this.#stillMax = Math.min(STILL_STEPS_MAX, this.#stepsMax);
        this.#movedAt = 0;
        this.#waited = 0;
        this.#fairFrom = -1;
        this.isFair = false;
        this.hasHurried = false;
        this.isOver = false;
        this.nextAt = this.#stillMax;
        this.calmUntil = isWatched ? 0 : this.nextAt;
    }
    /** Time has moved because no task could go on. */
    timeMoved(steps) {
        this.#movedAt = steps;
    }
    /**
     * Looks how far the run is. To be called once it has taken {@link nextAt} steps.
     *
     * @param pass Lets time pass, if anybody waits for it.
     */
    look(steps, pass) {
        if (steps - this.#movedAt >= this.#stillMax) {
            if (pass()) {
                this.hasHurried = true;
                this.#waited += steps - Math.max(this.#movedAt, this.#fairFrom);
                this.#stillMax = Math.max(this.#stillMax >> 1, Math.min(STILL_STEPS_MIN, this.#stillMax));
            }
            this.#movedAt = steps;
        }
        if (this.#fairFrom < 0 && this.#isUsed(steps)) {
            this.#fairFrom = steps;
            this.isFair = true;
            this.hasHurried = true;
            this.#waited = 0;
        }
        this.isOver = this.isFair && this.#isUsed(steps - this.#fairFrom);
        this.nextAt = Math.min(this.#movedAt + this.#stillMax, this.#limitFrom(steps));
        this.calmUntil = this.isFair || this.#isWatched ? 0 : this.nextAt;
    }
    /** Whether so many steps are all that may be taken before the run is fair, or from there on. */
    #isUsed(steps) {
        return steps - this.#waited >= this.#stepsMax || steps >= WAITING_TIMES * this.#stepsMax;
    }
    /** The step at which the limit that counts now is used if no time passes before. */
    #limitFrom(steps) {
        if (this.isOver)
            return steps;
        const from = Math.max(this.#fairFrom, 0);
        return from + Math.min(this.#stepsMax + this.#waited, WAITING_TIMES * this.#stepsMax);
    }
}
