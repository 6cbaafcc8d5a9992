import { sampledCoverage } from "../strategy.js";
/**
 * Lets each task take one step in turn, in the order of their ids; a random choice takes 0.
 *
 * There is one such schedule, so there is one run. It is the fairest of all and the poorest at
 * finding anything; its use is a first look at a program.
 */
export class RoundRobinStrategy {
    name = "round-robin";
    #hasRun = false;
    #last = -1;
    beginRun() {
        if (this.#hasRun)
            return false;
        this.#hasRun = true;
        this.#last = -1;
        return true;
    }
    choose(point) {
        if (point.kind === "value")
            return 0;
        const index = this.#nextAfter(point);
        this.#last = point.taskAt(index);
        return index;
    }
    endRun() { }
    coverage() {
        return sampledCoverage(this.name);
    }
    /** The first option whose task comes after the last one, or else the first; never a crash. */
    #nextAfter(point) {
        for (let i = 0; i < point.count; i++) {
            if (i !== point.crashIndex && point.taskAt(i) > this.#last)
                return i;
        }
        return point.crashIndex === 0 ? 1 : 0;
    }
}
