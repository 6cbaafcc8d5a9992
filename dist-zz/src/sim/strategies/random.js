import { sampledCoverage, } from "../strategy.js";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.js";
/** Picks uniformly among the runnable tasks: a random walk. Biased, but never stuck in a corner. */
export class RandomStrategy {
    name = "random";
    #prng;
    #crash;
    constructor(prng) {
        this.#prng = prng;
        this.#crash = new CrashMoment(prng);
    }
    beginRun() {
        this.#crash.beginRun();
        return true;
    }
    choose(point) {
        if (point.crashIndex < 0)
            return this.#prng.below(point.count);
        if (this.#crash.isNow(point))
            return point.crashIndex;
        return withoutCrash(point, this.#prng.below(othersCount(point)));
    }
    endRun(summary) {
        this.#crash.endRun(summary);
    }
    coverage() {
        return sampledCoverage(this.name);
    }
}
