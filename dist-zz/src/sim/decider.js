import { disown, inWords, LatchworkError } from "../task/index.js";
import { ABANDON } from "./strategy.js";
/** Asks the strategy of a run which option is taken, and which value is drawn. */
export class Decider {
    /** Whether the strategy has given the run up. */
    abandoned = false;
    #point;
    #decisions;
    #strategy = null;
    /** @param decisions Those of the run so far; values that are drawn are added. */
    constructor(point, decisions) {
        this.#point = point;
        this.#decisions = decisions;
    }
    /** Starts a new run. */
    begin(strategy) {
        this.#strategy = strategy;
        this.abandoned = false;
        this.#decisions.reset();
    }
    /** Which strategy decides. Requires: a run has begun. */
    get strategy() {
        if (this.#strategy === null)
            throw new RangeError("a run has a strategy");
        return this.#strategy;
    }
    /**
     * Which option is taken. Requires: there are two or more.
     *
     * @param steps Steps taken so far.
     * @throws LatchworkError BAD_ARGUMENT if the strategy gives what is no option.
     */
    ask(steps) {
        const point = this.#point;
        const { strategy } = this;
        point.stepIndex = steps;
        point.decisionIndex = this.#decisions.length;
        const index = strategy.choose(point);
        if (isOption(index, point.count))
            return index;
        return this.#giveUp(index);
    }
    /** Draws a value below `count`, which becomes an entry of the schedule. */
    draw(count, steps) {
        const point = this.#point;
        point.kind = "value";
        point.count = count;
        point.currentIndex = -1;
        point.crashIndex = -1;
        const value = count > 1 ? this.ask(steps) : 0;
        point.kind = "task";
        this.#decisions.add(~value);
        return value;
    }
    /** Shows the strategy a segment, after which it may give the run up. */
    segmentRan(segment) {
        const given = this.strategy.segmentRan?.(segment);
        if (given === ABANDON)
            this.abandoned = true;
        else if (given !== undefined)
            throw notAnAnswer(this.strategy, given);
    }
    /** The strategy has chosen no option: it gives the run up, or is wrong. */
    #giveUp(chosen) {
        if (chosen !== ABANDON)
            throw notAnOption(this.strategy, chosen, this.#point);
        this.abandoned = true;
        return 0;
    }
}
function isOption(chosen, count) {
    return typeof chosen === "number" && chosen >= 0 && chosen < count && Number.isInteger(chosen);
}
function notAnAnswer({ name }, given) {
    disown(given);
    const found = inWords(given);
    const message = `strategy ${name}: segmentRan gave ${found}, expected nothing or ABANDON`;
    return new LatchworkError("BAD_ARGUMENT", message);
}
function notAnOption({ name }, chosen, { count }) {
    const message = `strategy ${name}: choose gave ${inWords(chosen)}, ` +
        `expected a whole number from 0 to ${count - 1}, or ABANDON`;
    return new LatchworkError("BAD_ARGUMENT", message);
}
