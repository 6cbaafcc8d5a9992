import { mustBeThere, optionNames, refuseUnknownOptions } from "../task/index.js";
import { describeBreach } from "./blocked.js";
import { NumberSet } from "./number-set.js";
import { begins, coverageOf, mustBeStrategies } from "./own-strategy.js";
const OPTION_NAMES = optionNames({
    runsMax: true,
    shouldStop: true,
    onProgress: true,
    keepGoing: true,
});
const SLICE_RUNS = 16;
/**
 * Runs a program under a portfolio of strategies until one finds a failure, all are exhausted, or
 * the budget is used. The strategies take turns, a slice of runs each, so that an easy bug is found
 * by the first that can and a hard one waits for none.
 */
export class Explorer {
    #scheduler;
    /** The orders seen of the program run last; equal orders of two programs are two. */
    #orders = new NumberSet();
    #ordersBefore = 0;
    #program = null;
    #finding = null;
    #warning = null;
    #runs = 0;
    #abandoned = 0;
    #steps = 0;
    #interrupted = false;
    constructor(scheduler) {
        this.#scheduler = scheduler;
    }
    /** Explores one program; counts add up over calls, so that many programs make one verdict. */
    explore(program, strategies, options) {
        return this.exploreBy((strategy) => this.#scheduler.run(program, strategy), strategies, options);
    }
    /** Explores with a run function of one's own. Requires: it runs this explorer's scheduler. */
    exploreBy(run, strategies, options) {
        for (const strategy of this.#turns(strategies, options)) {
            const result = run(strategy);
            mustBeThere("run", result, "exploreAsync awaits it");
            this.#note(strategy, result);
        }
        return this.#verdict(strategies);
    }
    /** The same with a run function that is asynchronous; runs do not overlap. */
    async exploreAsync(run, strategies, options) {
        for (const strategy of this.#turns(strategies, options)) {
            this.#note(strategy, await run(strategy));
        }
        return this.#verdict(strategies);
    }
    /** Says which strategy makes the next run, again and again; a run is to be made for each. */
    *#turns(strategies, options) {
        mustBeStrategies(strategies);
        refuseUnknownOptions("an exploration", options, OPTION_NAMES);
        const last = this.#made + options.runsMax;
        let open = [...strategies];
        while (open.length > 0 && this.#made < last && !this.#isOver(options)) {
            const next = [];
            for (const strategy of open) {
                if (yield* this.#slice(strategy, last, options))
                    next.push(strategy);
            }
            open = next;
            const given = options.onProgress?.(this.#runs);
            mustBeThere("onProgress", given, "nobody awaits it; expected a plain function");
        }
    }
    /** Runs made, abandoned or not. */
    get #made() {
        return this.#runs + this.#abandoned;
    }
    #noteOrder(hash) {
        const { program } = this.#scheduler;
        if (program !== this.#program) {
            this.#program = program;
            this.#ordersBefore += this.#orders.size;
            this.#orders = new NumberSet();
        }
        return this.#orders.add(hash);
    }
    #isOver(options) {
        const shouldStop = options.shouldStop?.() ?? false;
        mustBeThere("shouldStop", shouldStop, "expected true or false");
        if (shouldStop)
            this.#interrupted = true;
        return this.#interrupted || (this.#finding !== null && options.keepGoing !== true);
    }
    /** Gives one strategy a few runs; false if it has nothing left. */
    *#slice(strategy, last, options) {
        for (let i = 0; i < SLICE_RUNS && this.#made < last; i++) {
            if (this.#isOver(options))
                return true;
            if (!begins(strategy))
                return false;
            yield strategy;
        }
        return true;
    }
    #note(strategy, result) {
        const given = strategy.endRun(result);
        mustBeThere(`strategy ${strategy.name}: endRun`, given, "it learns at once");
        this.#steps += result.steps;
        if (result.abandoned) {
            this.#abandoned++;
            return;
        }
        this.#runs++;
        const isNew = this.#noteOrder(result.orderHash);
        if (result.failure !== null) {
            this.#finding ??= this.#found(result.failure, strategy);
        }
        else if (this.#warning === null && isNew) {
            const failure = hiddenFailure(this.#scheduler);
            if (failure !== null)
                this.#warning = this.#found(failure, strategy);
        }
    }
    #found(failure, strategy) {
        const { schedule, steps, preemptions } = this.#scheduler;
        return {
            failure,
            schedule: [...schedule],
            strategy: strategy.name,
            runs: this.#runs,
            steps,
            preemptions,
        };
    }
    #verdict(strategies) {
        return {
            finding: this.#finding ?? this.#warning,
            runs: this.#runs,
            abandoned: this.#abandoned,
            steps: this.#steps,
            distinctOrders: this.#ordersBefore + this.#orders.size,
            coverage: strategies.map(coverageOf),
            interrupted: this.#interrupted,
        };
    }
}
/**
 * What a run that ended well still shows: a latch order that was broken without harm this time, or
 * a cycle of acquires that another interleaving would close.
 */
export function hiddenFailure(scheduler) {
    const breach = scheduler.breaches[0];
    if (breach !== undefined)
        return breachFailure(scheduler, breach);
    const predicted = scheduler.orderGraph.predict();
    return predicted === null ? null : predictionFailure(scheduler, predicted);
}
function breachFailure(scheduler, breach) {
    return {
        kind: "latch-order",
        message: describeBreach(scheduler, breach),
        task: null,
        breaches: [...scheduler.breaches],
    };
}
function predictionFailure(scheduler, predicted) {
    const name = (object) => scheduler.program.describeObject(object);
    const lines = predicted.members.map((member) => {
        const task = scheduler.tasks[member.task]?.source.name ?? `task ${member.task}`;
        const wanted = name(member.wantedObject);
        return `  ${task} asked for ${wanted} while it held ${name(member.heldObject)}`;
    });
    const title = "potential deadlock: this run went well, but its acquires could close a cycle";
    const message = [title, ...lines].join("\n");
    return { kind: "potential-deadlock", message, task: null };
}
