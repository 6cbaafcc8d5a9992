import { assert, deedOf, intentOf, wishOf } from "../task/index.js";
import { hiddenFailure } from "./explore.js";
import { linesOf, placeLinesOf, titleOf } from "./failure.js";
import { formatSchedule, taskToken } from "./schedule.js";
/**
 * Reports the run that a scheduler has just made, and how it differs from the schedule wanted.
 * Requires: the run was traced.
 */
export function retell(scheduler, wanted) {
    const { trace } = scheduler;
    assert(trace !== null, "a run that is retold was traced");
    const failure = scheduler.failure ?? hiddenFailure(scheduler);
    return {
        failure,
        steps: scheduler.steps,
        drift: describeDrift(scheduler, wanted),
        story: storyOf(scheduler, trace) + (failure === null ? "" : endOf(scheduler, failure)),
        trace: trace.toText(),
        schedule: formatSchedule(scheduler.schedule),
    };
}
function describeDrift(scheduler, wanted) {
    const made = scheduler.schedule;
    const length = Math.max(made.length, wanted.length);
    for (let i = 0; i < length; i++) {
        if (made[i] === wanted[i])
            continue;
        const found = sayDecision(scheduler, made[i]);
        const expected = sayDecision(scheduler, wanted[i]);
        return `decision ${i}: expected ${expected}, found ${found}`;
    }
    return null;
}
function sayDecision(scheduler, decision) {
    if (decision === undefined)
        return "the end";
    if (decision < 0)
        return `the value ${~decision}`;
    const name = scheduler.tasks[decision]?.source.name ?? "no such task";
    return `task ${taskToken(decision)} (${name})`;
}
function storyOf(scheduler, trace) {
    const names = scheduler.tasks.map((task) => task.source.name);
    const width = Math.max(0, ...names.map((name) => name.length));
    const lines = [];
    for (let i = 0; i < trace.length; i++) {
        const event = trace.at(i);
        const { objectId } = event;
        const object = objectId < 0 ? "" : scheduler.program.describeObject(objectId);
        const name = (names[event.task] ?? "").padEnd(width);
        lines.push(`${String(i).padStart(4)}  ${name}  ${sayEvent(event, object)}\n`);
    }
    return lines.join("");
}
function sayEvent({ fact, outcome }, object) {
    if (outcome === "queued")
        return `waits ${wishOf(fact, object)}`;
    if (outcome === "failed")
        return `tries to ${intentOf(fact, object)} (fails)`;
    return deedOf(fact, object);
}
/** What went wrong, as the end of a story. */
function endOf(scheduler, failure) {
    const { task, message } = failure;
    const who = task === null ? "" : ` in ${scheduler.tasks[task]?.source.name ?? "no task"}`;
    const [, ...more] = linesOf(message);
    const places = placeLinesOf(failure).map((line) => `  ${line}`);
    const lines = [titleOf(failure, who), ...more, ...places];
    return lines.map((line, i) => `${i === 0 ? "!! " : "   "}${line}\n`).join("");
}
