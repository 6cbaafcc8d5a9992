import { sampledCoverage } from "../strategy.js";
import { optionAtRank } from "./rank.js";
/**
 * Takes its choices from a list of numbers, one for each, and makes one run.
 *
 * A number counts options from the quiet one: 0 lets the current task go on, 1 is the first other,
 * and too large a number means the last. When the list is used up the rest is 0. So to shorten the
 * list or to lower its numbers is to take preemptions away, which is how fast-check shrinks it.
 */
export class DrawnStrategy {
    name = "drawn";
    numbers;
    #next = 0;
    #hasRun = false;
    /** @param numbers Whole numbers, 0 or more. */
    constructor(numbers) {
        this.numbers = numbers;
    }
    beginRun() {
        if (this.#hasRun)
            return false;
        this.#hasRun = true;
        this.#next = 0;
        return true;
    }
    choose(point) {
        const drawn = this.numbers[this.#next++] ?? 0;
        return optionAtRank(point, Math.min(drawn, point.count - 1));
    }
    endRun() { }
    coverage() {
        return sampledCoverage(this.name);
    }
    /** How fast-check prints a counterexample. */
    toString() {
        return `new DrawnStrategy([${this.numbers.join(", ")}])`;
    }
}
