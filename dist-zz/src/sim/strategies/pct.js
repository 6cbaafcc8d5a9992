import { assert } from "../../task/index.js";
import { sampledCoverage, } from "../strategy.js";
import { CrashMoment, othersCount } from "./crash-moment.js";
/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010).
 *
 * Each task gets a random priority and the highest enabled one runs, except that at d-1 random
 * choices the task about to run drops below all others. A bug that takes d ordering constraints
 * shows in one run with probability at least 1/(n k^(d-1)), for n tasks and k choices.
 *
 * Departures: k counts only the steps at which there is a choice, since lowering the only
 * task that can run takes effect no sooner; k is the most seen in earlier runs unless it is given,
 * so the first run only learns it; the drop comes just before the chosen step and not just after
 * the one before.
 */
export class PctStrategy {
    name;
    depth;
    #prng;
    #crash;
    /** By task; in (0, 1) at first, and `i - depth` once the i-th change has lowered the task. */
    #priorities = new Float64Array(16);
    /** How many tasks have a priority in this run. */
    #ranked = 0;
    /** The choice at which change `i + 1` comes, in no order; repeats are legal. */
    #changeAt;
    #choice = 0;
    #hasChanges = false;
    #choicesMax;
    #tasksMax = 1;
    /** The chance of the moment of a crash, as it was when this run's was drawn. */
    #crashProbability = 1;
    /** Sum of ln(1 - bound) over the runs that kept the theorem's conditions. */
    #logMiss = 0;
    /**
     * @param depth Ordering constraints that a bug may take; 1 or more.
     * @param choicesMax Most choices a run has, if known.
     */
    constructor(prng, depth, choicesMax = 0) {
        assert(depth >= 1, "a bug has depth 1 or more");
        this.name = `pct${depth}`;
        this.depth = depth;
        this.#prng = prng;
        this.#crash = new CrashMoment(prng);
        this.#changeAt = new Float64Array(depth - 1);
        this.#choicesMax = choicesMax;
    }
    beginRun() {
        this.#crashProbability = this.#crash.probability;
        this.#crash.beginRun();
        this.#ranked = 0;
        this.#choice = 0;
        this.#hasChanges = this.#choicesMax > 0;
        for (let i = 0; i < this.#changeAt.length; i++) {
            this.#changeAt[i] = this.#hasChanges ? this.#prng.below(this.#choicesMax) : -1;
        }
        return true;
    }
    choose(point) {
        if (point.kind === "value")
            return this.#prng.below(point.count);
        if (point.taskCount > this.#ranked)
            this.#rankNewTasks(point.taskCount);
        if (this.#crash.isNow(point))
            return point.crashIndex;
        if (othersCount(point) === 1)
            return this.#highest(point);
        let index = this.#highest(point);
        for (let i = 0; i < this.#changeAt.length; i++) {
            if (this.#changeAt[i] !== this.#choice)
                continue;
            this.#priorities[point.taskAt(index)] = i + 1 - this.depth;
            index = this.#highest(point);
        }
        this.#choice++;
        return index;
    }
    endRun(summary) {
        this.#crash.endRun(summary);
        const choices = this.#choicesMax;
        this.#tasksMax = Math.max(this.#tasksMax, summary.taskCount);
        // Where a run turned out longer than believed, its end had no chance of a change.
        if (this.#hasChanges && summary.choices <= choices) {
            const crash = Math.min(this.#crashProbability, this.#crash.probability);
            this.#logMiss += Math.log1p(-this.#bound(crash));
        }
        this.#choicesMax = Math.max(choices, summary.choices);
    }
    coverage() {
        return {
            ...sampledCoverage(this.name),
            bugDepth: this.depth,
            runProbability: this.#choicesMax > 0 ? this.#bound(this.#crash.probability) : null,
            allRunsProbability: -Math.expm1(this.#logMiss),
        };
    }
    #bound(crashProbability) {
        const choices = Math.max(this.#choicesMax, 1);
        return crashProbability / (this.#tasksMax * choices ** (this.depth - 1));
    }
    #highest(point) {
        let best = 0;
        let bestPriority = Number.NEGATIVE_INFINITY;
        for (let i = 0; i < point.count; i++) {
            if (i === point.crashIndex)
                continue;
            const priority = this.#priorities[point.taskAt(i)] ?? 0;
            if (priority <= bestPriority)
                continue;
            best = i;
            bestPriority = priority;
        }
        return best;
    }
    #rankNewTasks(count) {
        if (count > this.#priorities.length) {
            const larger = new Float64Array(2 * count);
            larger.set(this.#priorities);
            this.#priorities = larger;
        }
        for (let task = this.#ranked; task < count; task++)
            this.#priorities[task] = this.#prng.next();
        this.#ranked = count;
    }
}
