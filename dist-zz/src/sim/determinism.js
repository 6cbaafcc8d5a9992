import { labelOf } from "../task/index.js";
import { Scheduler } from "./scheduler.js";
import { ReplayStrategy } from "./strategies/exact-replay.js";
import { Trace } from "./trace.js";
/**
 * Runs a program twice along one schedule and compares what happened.
 *
 * @returns a failure `nondeterminism` that names the first difference, or null if there is none.
 */
export function checkDeterminism(program, schedule, options = {}) {
    const first = new Scheduler(options);
    first.trace = new Trace();
    first.run(program, followed(schedule));
    return compareRuns(first, repeat(first, program, options));
}
/** Runs a program under a strategy, then again along the same schedule; a difference fails it. */
export function runTwice(scheduler, program, strategy, options) {
    scheduler.trace ??= new Trace();
    scheduler.run(program, strategy);
    // Whatever else the run showed could not be shown again, so a difference goes first.
    scheduler.failure =
        compareRuns(scheduler, repeat(scheduler, program, options)) ?? scheduler.failure;
    return scheduler;
}
/** Compares two runs of one program along one schedule. Requires: both were traced. */
export function compareRuns(first, second) {
    const length = Math.max(first.trace?.length ?? 0, second.trace?.length ?? 0);
    for (let i = 0; i < length; i++) {
        const [before, after] = [sayEvent(first, i), sayEvent(second, i)];
        if (before !== after)
            return difference(`at step ${i} the first had "${before}"`, after);
    }
    const [before, after] = [sayEnd(first), sayEnd(second)];
    return before === after ? null : difference(`the first ended with "${before}"`, after);
}
function repeat(done, program, options) {
    const again = new Scheduler(options);
    again.trace = new Trace();
    again.run(program, followed(done.schedule));
    return again;
}
/** A strategy that makes one run, along a schedule. */
export function followed(schedule) {
    const strategy = new ReplayStrategy(schedule);
    strategy.beginRun();
    return strategy;
}
function sayEvent(scheduler, index) {
    const trace = scheduler.trace;
    if (trace === null || index >= trace.length)
        return "the end of the run";
    const { task, fact, objectId, outcome } = trace.at(index);
    const name = scheduler.tasks[task]?.source.name ?? `task ${task}`;
    const object = objectId < 0 ? "" : ` ${scheduler.program.describeObject(objectId)}`;
    const how = outcome === "queued" || outcome === "failed" ? `, ${outcome}` : "";
    return `${name}: ${labelOf(fact)}${object}${how}`;
}
function sayEnd({ failure }) {
    return failure === null ? "no failure" : `${failure.kind}: ${failure.message}`;
}
function difference(first, second) {
    const message = `nondeterminism: two runs along one schedule differ: ${first}, the second "${second}"; ` +
        "something outside of the simulation decides what the program does";
    return { kind: "nondeterminism", message, task: null };
}
