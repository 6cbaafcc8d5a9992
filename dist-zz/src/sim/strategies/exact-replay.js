import { sampledCoverage } from "../strategy.js";
import { optionAtRank } from "./rank.js";
/**
 * Follows a recorded schedule, as far as it fits.
 *
 * Where the schedule names a task that cannot go on, or is used up, the current task goes on (or
 * the first that can, but no crash): the shortest change that still is a run. {@link driftOf} says
 * whether that happened, so that a replay which no longer fits its program is reported and not
 * taken for one.
 */
export class ReplayStrategy {
    name = "replay";
    #schedule;
    #runs = 0;
    /** The first step, from 0, at which there was a choice and the schedule made none; or null. */
    #strayed = null;
    constructor(schedule) {
        this.#schedule = schedule;
    }
    beginRun() {
        this.#strayed = null;
        return this.#runs++ === 0;
    }
    choose(point) {
        const wanted = this.#schedule[point.decisionIndex];
        if (point.kind === "value") {
            if (wanted !== undefined && wanted < 0 && ~wanted < point.count)
                return ~wanted;
        }
        else if (wanted !== undefined && wanted >= 0) {
            for (let i = 0; i < point.count; i++)
                if (point.taskAt(i) === wanted)
                    return i;
        }
        this.#strayed ??= point.stepIndex;
        return optionAtRank(point, 0);
    }
    endRun() { }
    /**
     * The first step, from 0, at which the run just made is not the one of the schedule, or null. A
     * strategy is asked only where there is a choice; where there was none, and where the run ended
     * before the schedule, the decisions made show it. The schedule may end before the run does, if
     * there is no choice from there on.
     */
    driftOf(made) {
        let steps = 0;
        for (const [i, wanted] of this.#schedule.entries()) {
            if (made[i] !== wanted)
                return steps;
            if (wanted >= 0)
                steps++;
        }
        return this.#strayed;
    }
    coverage() {
        return sampledCoverage(this.name);
    }
}
