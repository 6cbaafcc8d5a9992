import { sampledCoverage } from "../strategy.js";
import { DepthFirstStrategy } from "./depth-first.js";
/**
 * Depth-first search with at most 0 preemptions, then 1, then 2, up to a bound (Musuvathi and
 * Qadeer, PLDI 2007): the first failure it meets has the fewest preemptions that any has.
 *
 * Each round runs the schedules within its bound exactly once, those of the rounds before among
 * them: only such a run shows where the next preemption could go, and to remember those places
 * would take memory for every schedule. Each preemption more allows many times the schedules, so
 * the repeats are few; {@link coverage} counts each schedule once.
 */
export class IteratedDepthFirstStrategy {
    name;
    preemptionsMax;
    #round = new DepthFirstStrategy(0);
    #schedules = 0;
    /** The largest bound within which everything has been run, or -1. */
    #boundDone = -1;
    #isExhausted = false;
    constructor(preemptionsMax) {
        this.preemptionsMax = preemptionsMax;
        this.name = `dfs:${preemptionsMax}`;
    }
    beginRun() {
        while (!this.#isExhausted) {
            if (this.#round.beginRun())
                return true;
            this.#boundDone = this.#round.preemptionsMax;
            this.#isExhausted = !this.#round.wasCut || this.#boundDone >= this.preemptionsMax;
            if (!this.#isExhausted)
                this.#round = new DepthFirstStrategy(this.#boundDone + 1);
        }
        return false;
    }
    choose(point) {
        return this.#round.choose(point);
    }
    endRun() {
        this.#round.endRun();
        if (this.#round.preemptions === this.#round.preemptionsMax)
            this.#schedules++;
    }
    /** States the largest bound that was finished, even while a larger one is under way. */
    coverage() {
        const isComplete = this.#isExhausted && !this.#round.wasCut;
        return {
            ...sampledCoverage(this.name),
            exhausted: this.#boundDone >= 0,
            preemptionBound: isComplete ? null : Math.max(this.#boundDone, 0),
            schedules: this.#schedules,
        };
    }
}
