import { sampledCoverage, } from "../strategy.js";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.js";
const WEIGHT_MAX = 50;
/**
 * A random walk in which each task has a weight of its own, drawn afresh for each run: some runs
 * starve a task, others rush it (Walker, 2018, as in dejafu). It comes near PCT without needing to
 * know how long a run is.
 */
export class SwarmStrategy {
    name = "swarm";
    #prng;
    #crash;
    #weights = [];
    constructor(prng) {
        this.#prng = prng;
        this.#crash = new CrashMoment(prng);
    }
    beginRun() {
        this.#crash.beginRun();
        this.#weights.length = 0;
        return true;
    }
    choose(point) {
        if (point.kind === "value")
            return this.#prng.below(point.count);
        const weights = this.#weights;
        while (weights.length < point.taskCount)
            weights.push(1 + this.#prng.below(WEIGHT_MAX));
        if (this.#crash.isNow(point))
            return point.crashIndex;
        const last = othersCount(point) - 1;
        let total = 0;
        for (let i = 0; i <= last; i++)
            total += weights[point.taskAt(withoutCrash(point, i))] ?? 0;
        let left = this.#prng.below(total);
        for (let i = 0; i < last; i++) {
            const option = withoutCrash(point, i);
            left -= weights[point.taskAt(option)] ?? 0;
            if (left < 0)
                return option;
        }
        return withoutCrash(point, last);
    }
    endRun(summary) {
        this.#crash.endRun(summary);
    }
    coverage() {
        return sampledCoverage(this.name);
    }
}
