import { sampledCoverage } from "../strategy.js";
import { optionAtRank } from "./rank.js";
/**
 * Follows a schedule in outline: who goes on, up to which of its steps, and then who.
 *
 * For a program that is nearly the one it was recorded of, as a smaller one that is to fail in the
 * same way. A task that cannot go on when its turn comes loses that turn; where the schedule says
 * nothing more, the current task goes on, or the first that can, but no crash. Values are taken in
 * their order, each the nearest that there is.
 */
export class GuidedStrategy {
    name = "guided";
    #stretches;
    #values;
    #odd;
    #next = 0;
    #drawn = 0;
    #runs = 0;
    /** Whether the odd value was asked for and is one that there is. */
    hasVaried = false;
    /** @param odd Which of the values, from 0, is to be another than the schedule's. */
    constructor(schedule, odd = null) {
        this.#stretches = stretchesOf(schedule);
        this.#values = schedule.filter((decision) => decision < 0).map((decision) => ~decision);
        this.#odd = odd;
    }
    beginRun() {
        this.#next = 0;
        this.#drawn = 0;
        this.hasVaried = false;
        return this.#runs++ === 0;
    }
    choose(point) {
        if (point.kind === "value")
            return this.#value(point.count);
        for (; this.#next < this.#stretches.length; this.#next++) {
            const stretch = this.#stretches[this.#next];
            if (stretch === undefined)
                break;
            const option = optionOf(point, stretch);
            if (option >= 0)
                return option;
        }
        return optionAtRank(point, 0);
    }
    endRun() { }
    coverage() {
        return sampledCoverage(this.name);
    }
    #value(count) {
        const at = this.#drawn++;
        const isOdd = this.#odd?.at === at;
        const wanted = isOdd ? this.#odd.value : (this.#values[at] ?? 0);
        if (isOdd)
            this.hasVaried = wanted < count;
        return Math.min(wanted, count - 1);
    }
}
function stretchesOf(schedule) {
    const steps = new Map();
    const stretches = [];
    for (const task of schedule) {
        if (task < 0)
            continue;
        const until = (steps.get(task) ?? 0) + 1;
        steps.set(task, until);
        const last = stretches.at(-1);
        if (last?.task === task)
            last.until = until;
        else
            stretches.push({ task, until });
    }
    return stretches;
}
/** The option that is the task of a stretch, or -1 if it has had its steps or cannot go on. */
function optionOf(point, { task, until }) {
    for (let i = 0; i < point.count; i++) {
        const id = point.taskAt(i);
        if (id === task)
            return point.stepsTaken(id) < until ? i : -1;
    }
    return -1;
}
