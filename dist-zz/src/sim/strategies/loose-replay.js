import { sampledCoverage } from "../strategy.js";
import { optionAtRank } from "./rank.js";
/**
 * Follows a schedule that was recorded of another program, such as the same operations under
 * another protocol: in the same order as far as that can be.
 *
 * Who is next by the schedule goes on. If it cannot, for it waits or has ended, the steps in a row
 * that it had left are passed over, and the schedule's next task goes on in its place. A value is
 * the schedule's next one if it is there, else the first. Once the schedule is used up, the
 * current task goes on, or the first that can, but no crash. {@link drift} says from where on the
 * run is not the one that was recorded.
 */
export class LooseReplayStrategy {
    name = "replay";
    #schedule;
    #made;
    /** Where in the schedule the run has got to. */
    #next = 0;
    /** Decisions of the run that were compared with it, and how many of them were steps. */
    #seen = 0;
    #steps = 0;
    #runs = 0;
    /** The first step, from 0, at which the schedule could not be followed, or null. */
    drift = null;
    /** @param made All decisions of the run so far; where there is no choice nobody asks for one. */
    constructor(schedule, made) {
        this.#schedule = schedule;
        this.#made = made;
    }
    beginRun() {
        this.#next = 0;
        this.#seen = 0;
        this.#steps = 0;
        this.drift = null;
        return this.#runs++ === 0;
    }
    choose(point) {
        this.#catchUp();
        for (;;) {
            const wanted = this.#schedule[this.#next];
            if (wanted === undefined || (point.kind === "value" && wanted >= 0))
                break;
            if (point.kind === "value") {
                if (~wanted < point.count)
                    return ~wanted;
                break;
            }
            for (let i = 0; i < point.count; i++)
                if (point.taskAt(i) === wanted)
                    return i;
            this.#passOver();
        }
        this.drift ??= this.#steps;
        return optionAtRank(point, 0);
    }
    endRun() {
        this.#catchUp();
        if (this.#next < this.#schedule.length)
            this.drift ??= this.#steps;
    }
    coverage() {
        return sampledCoverage(this.name);
    }
    /** Goes on in the schedule by what was decided since it was last looked at. */
    #catchUp() {
        const made = this.#made();
        for (; this.#seen < made.length; this.#seen++) {
            const decision = made[this.#seen] ?? 0;
            if (decision < 0) {
                if ((this.#schedule[this.#next] ?? 0) < 0)
                    this.#next++;
                continue;
            }
            while (this.#isAnother(decision))
                this.#passOver();
            if (this.#next < this.#schedule.length)
                this.#next++;
            else
                this.drift ??= this.#steps;
            this.#steps++;
        }
    }
    #isAnother(task) {
        const wanted = this.#schedule[this.#next];
        return wanted !== undefined && wanted !== task;
    }
    /** Leaves out a task's steps in a row, with the values that were drawn on the way. */
    #passOver() {
        this.drift ??= this.#steps;
        const task = this.#schedule[this.#next];
        do
            this.#next++;
        while (this.#schedule[this.#next] === task || (this.#schedule[this.#next] ?? 0) < 0);
    }
}
