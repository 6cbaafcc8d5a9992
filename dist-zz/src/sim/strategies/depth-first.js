import { InvariantViolation } from "../../task/index.js";
import { sampledCoverage } from "../strategy.js";
import { optionAtRank } from "./rank.js";
/**
 * Runs every schedule exactly once, depth first, without keeping any state but the path to the
 * last one (stateless search, Godefroid 1997): memory is O(length of a run).
 *
 * With a bound, schedules with more preemptions are left out (Musuvathi and Qadeer, PLDI 2007).
 * Going on comes first at each choice, so quiet schedules come early. Values of random choices are
 * enumerated too, and cost no preemption; so is a crash, at every step, and it costs none either.
 */
export class DepthFirstStrategy {
    name = "dfs";
    preemptionsMax;
    /** The path: at each choice with a branch, the rank taken and how many ranks there are. */
    #ranks = new Int32Array(64);
    #widths = new Int32Array(64);
    #length = 0;
    /** How far down the path this run is. */
    #at = 0;
    #preemptions = 0;
    #runs = 0;
    #isExhausted = false;
    #wasCut = false;
    /** @param preemptionsMax Most preemptions in a schedule; all schedules if left out. */
    constructor(preemptionsMax = Number.POSITIVE_INFINITY) {
        this.preemptionsMax = preemptionsMax;
    }
    /** Preemptions that the strategy made in the last run. */
    get preemptions() {
        return this.#preemptions;
    }
    /** Whether the bound has kept any schedule out so far. */
    get wasCut() {
        return this.#wasCut;
    }
    beginRun() {
        if (this.#isExhausted)
            return false;
        if (this.#runs > 0 && !this.#stepToNextBranch()) {
            this.#isExhausted = true;
            return false;
        }
        this.#at = 0;
        this.#preemptions = 0;
        return true;
    }
    choose(point) {
        const width = this.#widthOf(point);
        if (width === 1)
            return optionAtRank(point, 0);
        const rank = this.#rankAt(width, point.decisionIndex);
        // Within a bound that is used up, a crash is the only option beside going on.
        const isCrash = point.crashIndex >= 0 && rank === width - 1;
        if (isCrash)
            return point.crashIndex;
        if (rank > 0 && point.currentIndex >= 0)
            this.#preemptions++;
        return optionAtRank(point, rank);
    }
    endRun() {
        // A run that failed can be shorter than the path: nothing lies below a failure.
        this.#length = this.#at;
        this.#runs++;
    }
    coverage() {
        const isComplete = this.#isExhausted && !this.#wasCut;
        const isBounded = Number.isFinite(this.preemptionsMax) && !isComplete;
        return {
            ...sampledCoverage(this.name),
            exhausted: this.#isExhausted,
            preemptionBound: isBounded ? this.preemptionsMax : null,
            schedules: this.#runs,
        };
    }
    /** How many options are within the bound; where it is used up, only to go on or to crash. */
    #widthOf(point) {
        if (point.currentIndex < 0 || this.#preemptions < this.preemptionsMax)
            return point.count;
        const width = point.crashIndex < 0 ? 1 : 2;
        if (width < point.count)
            this.#wasCut = true;
        return width;
    }
    #rankAt(width, decision) {
        const at = this.#at++;
        if (at === this.#length) {
            this.#push(width);
            return 0;
        }
        if (this.#widths[at] !== width)
            throw nondeterminism(decision, this.#widths[at] ?? 0, width);
        return this.#ranks[at] ?? 0;
    }
    #push(width) {
        if (this.#length === this.#ranks.length) {
            this.#ranks = grown(this.#ranks);
            this.#widths = grown(this.#widths);
        }
        this.#ranks[this.#length] = 0;
        this.#widths[this.#length] = width;
        this.#length++;
    }
    /** Drops what is done from the end of the path and moves on at the last branch left. */
    #stepToNextBranch() {
        while (this.#length > 0) {
            const last = this.#length - 1;
            const rank = (this.#ranks[last] ?? 0) + 1;
            if (rank < (this.#widths[last] ?? 0)) {
                this.#ranks[last] = rank;
                return true;
            }
            this.#length = last;
        }
        return false;
    }
}
function nondeterminism(decision, expected, found) {
    return new InvariantViolation(`decision ${decision}: expected ${expected} options as in the run before, found ${found}; ` +
        "a program must behave the same under the same schedule", "nondeterminism");
}
function grown(column) {
    const larger = new Int32Array(2 * column.length);
    larger.set(column);
    return larger;
}
