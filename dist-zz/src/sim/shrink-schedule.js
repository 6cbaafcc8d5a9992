import { mustBeThere } from "../task/index.js";
import { hiddenFailure } from "./explore.js";
import { blocksOf, changesAt, scheduleOf, switchesOf } from "./schedule-blocks.js";
import { formatSchedule } from "./schedule.js";
import { IteratedDepthFirstStrategy } from "./strategies/iterated-depth-first.js";
import { ReplayStrategy } from "./strategies/exact-replay.js";
const SEARCH_RUNS_DEFAULT = 2000;
const CHANGE_RUNS_DEFAULT = 1000;
/**
 * Finds a quieter schedule that shows the same kind of failure: fewer preemptions first, then fewer
 * switches between tasks, then fewer steps.
 *
 * All schedules with fewer preemptions are run first, fewest first, as far as the budget goes: most
 * bugs need one or two, and what is found that way is minimal. What that leaves is improved by
 * small changes to the schedule, each kept only if a run confirms it (compare dejafu's pull-back
 * and push-forward): a block of steps joins its task's block before or after it, changes places
 * with its neighbour, or goes.
 *
 * @param failed The failing run to begin with.
 */
export function shrinkSchedule(failed, runUnder, budget = {}) {
    const searchRunsMax = budget.searchRunsMax ?? SEARCH_RUNS_DEFAULT;
    const search = findWithFewestPreemptions(failed, runUnder, searchRunsMax);
    const changes = new Changes(search.found ?? failed, runUnder);
    changes.makeAll(budget.changeRunsMax ?? CHANGE_RUNS_DEFAULT);
    return {
        ...changes.best,
        runs: search.runs + changes.runs,
        isMinimal: changes.best.preemptions <= search.preemptionsNeeded,
    };
}
/**
 * Runs every schedule with 0 preemptions, then with 1, and so on, until one fails as the given run
 * did, or only those with as many preemptions as it are left, or the budget is used.
 */
export function findWithFewestPreemptions(failed, runUnder, runsMax) {
    if (failed.preemptions === 0)
        return { found: null, runs: 0, preemptionsNeeded: 0 };
    const strategy = new IteratedDepthFirstStrategy(failed.preemptions - 1);
    let runs = 0;
    for (; runs < runsMax && strategy.beginRun(); runs++) {
        const run = made(runUnder(strategy));
        strategy.endRun();
        if (run === null || run.failureKind !== failed.failureKind)
            continue;
        // The rounds go up by one, and this run is the first of its kind: none before it had fewer.
        return { found: run, runs: runs + 1, preemptionsNeeded: run.preemptions };
    }
    const { exhausted, preemptionBound } = strategy.coverage();
    const bound = exhausted ? (preemptionBound ?? strategy.preemptionsMax) : -1;
    return { found: null, runs, preemptionsNeeded: bound + 1 };
}
/** The search by small changes: each is kept if a run confirms it, and then the next is tried. */
class Changes {
    best;
    runs = 0;
    #runUnder;
    #tried = new Set();
    constructor(start, runUnder) {
        this.best = start;
        this.#runUnder = runUnder;
        this.#tried.add(formatSchedule(start.schedule));
    }
    /** Goes over the schedule until no change helps any more, or the budget is used. */
    makeAll(runsMax) {
        let isBetter = true;
        while (isBetter) {
            isBetter = false;
            for (let i = 0; i < blocksOf(this.best.schedule).length; i++) {
                while (this.#improveAt(i, runsMax))
                    isBetter = true;
            }
        }
    }
    #improveAt(index, runsMax) {
        return changesAt(blocksOf(this.best.schedule), index).some((blocks) => this.runs < runsMax && this.#keepIfBetter(scheduleOf(blocks)));
    }
    #keepIfBetter(schedule) {
        const text = formatSchedule(schedule);
        if (this.#tried.has(text))
            return false;
        this.#tried.add(text);
        this.runs++;
        const strategy = new ReplayStrategy(schedule);
        strategy.beginRun();
        const run = made(this.#runUnder(strategy));
        if (run === null || run.failureKind !== this.best.failureKind)
            return false;
        if (!isQuieter(run, this.best))
            return false;
        this.best = run;
        return true;
    }
}
function made(run) {
    mustBeThere("runUnder", run, "expected a run that has been made");
    return run;
}
function isQuieter(a, b) {
    if (a.preemptions !== b.preemptions)
        return a.preemptions < b.preemptions;
    const switches = switchesOf(a.schedule) - switchesOf(b.schedule);
    return switches === 0 ? a.schedule.length < b.schedule.length : switches < 0;
}
/**
 * Makes runs of a program on a scheduler, for the functions above. A run that went well counts as
 * failed if it shows a broken latch order or a possible deadlock, as an exploration has it.
 */
export function runsOf(scheduler, program) {
    return (strategy) => {
        const { failure, preemptions } = scheduler.run(program, strategy);
        const shown = failure ?? hiddenFailure(scheduler);
        if (shown === null)
            return null;
        return { failureKind: shown.kind, schedule: [...scheduler.schedule], preemptions };
    };
}
