import { inWords, LatchworkError } from "../../task/index.js";
import { AskedStep } from "./asked-step.js";
/** A wait for virtual time: enabled once the clock has come to its moment. */
export class SleepStep extends AskedStep {
    #scheduler;
    #home;
    #durationMs;
    /**
     * Less than nothing is nothing, as it is for a timer: a deadline in the past has passed.
     *
     * @throws LatchworkError BAD_ARGUMENT if the duration is no number.
     */
    constructor(scheduler, durationMs, home = null) {
        super();
        if (typeof durationMs !== "number" || Number.isNaN(durationMs)) {
            const message = `sleep: expected milliseconds, found ${inWords(durationMs)}`;
            throw new LatchworkError("BAD_ARGUMENT", message);
        }
        this.#scheduler = scheduler;
        this.#home = home;
        this.dueAtMs = scheduler.timeMs + durationMs;
        this.#durationMs = durationMs;
    }
    get home() {
        return this.#home;
    }
    /** Ends the sleep now. Nobody has to be woken: the scheduler asks. */
    cut() {
        if (this.dueAtMs > this.#scheduler.timeMs)
            this.dueAtMs = this.#scheduler.timeMs;
    }
    isEnabled() {
        return this.#scheduler.timeMs >= this.dueAtMs;
    }
    take() {
        return true;
    }
    fact() {
        return { kind: "sleep", durationMs: this.#durationMs };
    }
}
