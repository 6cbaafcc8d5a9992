import { taskId } from "../../task/index.js";
import { sampledCoverage, } from "../strategy.js";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.js";
import { optionAtRank } from "./rank.js";
/**
 * After a shorter run a count sinks by this part of the difference, rounded down: not at all where
 * a task ends a few steps early.
 */
const SINKS_BY = 16;
/** Steps of one task after which others come first in the dry run: it may wait for them. */
const DRY_STEPS_MAX = 256;
/**
 * Uniform random walk: picks a task with probability proportional to the steps it still has to take
 * (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing, ASPLOS 2025).
 *
 * Steps of tasks not yet spawned count for the task that will spawn them. As long as the counts are
 * exact and nothing blocks, all interleavings are then equally likely: they are the linear
 * extensions of a forest, in which the next root is drawn by the size of its tree.
 *
 * The first run is a dry one without preemptions, which learns the counts exactly where they do
 * not depend on the schedule. Where they do, the estimate is the most steps that the task took in
 * any run that ended well, and a task that can go on is taken to have at least one step left. A
 * mean would starve a task that may end early: nearly all interleavings are of its long runs. But
 * a count that has become far too large sinks again, a little with each shorter run, or a task that
 * spins while another works would keep the weight of its longest spin. Nothing is learned of tasks
 * that a crash cut short.
 */
export class UrwStrategy {
    name = "urw";
    #prng;
    #crash;
    /** By task: how many steps it may take, all in all. */
    #counts = new Float64Array(16);
    /** By task: which task spawned it in the last run, or -1. */
    #parents = new Int32Array(16).fill(-1);
    /** By task: steps of descendants that were not spawned yet when `#spawned` tasks were known. */
    #hanging = new Float64Array(16);
    #weights = new Float64Array(16);
    #tasks = 0;
    #spawned = -1;
    /** Whether the counts come from a run that failed, and so are too low. */
    #isProvisional = true;
    constructor(prng) {
        this.#prng = prng;
        this.#crash = new CrashMoment(prng);
    }
    beginRun() {
        this.#spawned = -1;
        this.#crash.beginRun();
        return true;
    }
    choose(point) {
        if (point.kind === "value")
            return this.#prng.below(point.count);
        if (this.#crash.isNow(point))
            return point.crashIndex;
        if (this.#tasks === 0)
            return chooseDry(point);
        if (point.taskCount !== this.#spawned)
            this.#hangUnspawned(point.taskCount);
        return this.#draw(point);
    }
    endRun(summary) {
        this.#crash.endRun(summary);
        if (summary.failed && !this.#isProvisional)
            return;
        if (this.#isProvisional)
            this.#counts.fill(0);
        this.#isProvisional = summary.failed;
        this.#learn(summary);
    }
    coverage() {
        return sampledCoverage(this.name);
    }
    #draw(point) {
        const weights = this.#weights;
        const last = othersCount(point) - 1;
        let total = 0;
        for (let i = 0; i <= last; i++) {
            const weight = this.#weightOf(point, withoutCrash(point, i));
            weights[i] = weight;
            total += weight;
        }
        let left = this.#prng.next() * total;
        for (let i = 0; i < last; i++) {
            left -= weights[i] ?? 0;
            if (left < 0)
                return withoutCrash(point, i);
        }
        return withoutCrash(point, last);
    }
    #weightOf(point, index) {
        const task = point.taskAt(index);
        const own = Math.max((this.#counts[task] ?? 0) - point.stepsTaken(task), 1);
        return own + (this.#hanging[task] ?? 0);
    }
    /** A task has a higher id than the one that spawned it, so one pass from the top suffices. */
    #hangUnspawned(spawned) {
        this.#reserve(Math.max(spawned, this.#tasks));
        this.#hanging.fill(0);
        for (let task = this.#tasks - 1; task >= spawned; task--) {
            const parent = this.#parents[task] ?? -1;
            if (parent < 0)
                continue;
            const steps = (this.#counts[task] ?? 0) + (this.#hanging[task] ?? 0);
            this.#hanging[parent] = (this.#hanging[parent] ?? 0) + steps;
        }
        this.#spawned = spawned;
    }
    #learn(summary) {
        this.#reserve(summary.taskCount);
        for (let task = 0; task < summary.taskCount; task++) {
            this.#parents[task] = summary.parentOf(taskId(task)) ?? -1;
            // How many steps it would have taken without the crash is not known.
            if (summary.wasStopped(taskId(task)))
                continue;
            const steps = summary.stepsTaken(taskId(task));
            const sunk = (this.#counts[task] ?? 0) - steps;
            this.#counts[task] = steps + Math.max(sunk - Math.floor(sunk / SINKS_BY), 0);
        }
        this.#tasks = Math.max(this.#tasks, summary.taskCount);
    }
    #reserve(tasks) {
        if (tasks <= this.#counts.length)
            return;
        this.#counts = grown(this.#counts, tasks);
        this.#hanging = grown(this.#hanging, tasks);
        this.#weights = grown(this.#weights, tasks);
        const parents = new Int32Array(this.#counts.length).fill(-1);
        parents.set(this.#parents);
        this.#parents = parents;
    }
}
/** Goes on with the same task, or, if that may be a spin, with who took the fewest steps. */
function chooseDry(point) {
    let best = optionAtRank(point, 0);
    if (point.stepsTaken(point.taskAt(best)) < DRY_STEPS_MAX)
        return best;
    for (let i = 0; i < point.count; i++) {
        if (i === point.crashIndex)
            continue;
        if (point.stepsTaken(point.taskAt(i)) < point.stepsTaken(point.taskAt(best)))
            best = i;
    }
    return best;
}
function grown(column, length) {
    const larger = new Float64Array(2 * length);
    larger.set(column);
    return larger;
}
