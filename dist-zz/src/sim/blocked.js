import { heldOf, intentOf, wishOf } from "../task/index.js";
import { nameWithOperation } from "./sim-task.js";
/** Names every member of a wait-for cycle: what it waits for, what it holds, what it broke. */
export function describeDeadlock(run, cycle) {
    const members = cycle.map((task) => describeMember(run, task));
    const lines = members.map((member, i) => {
        const next = members[(i + 1) % members.length]?.taskName ?? "";
        const holds = member.holds.length === 0 ? "nothing" : member.holds.join("; ");
        const who = whoIs(member);
        return `  ${who} waits ${wishTextOf(member)}, behind ${next}; holds ${holds}`;
    });
    const rules = run.breaches.map((breach) => `  ${describeBreach(run, breach)}`);
    const names = members.map((member) => member.taskName).join(" -> ");
    const title = `deadlock: ${names} -> ${members[0]?.taskName ?? ""}`;
    const message = [title, ...lines, ...rules].join("\n");
    return { kind: "deadlock", message, task: cycle[0] ?? null, cycle: members };
}
/**
 * Names a task that can go on and was not woken: under a driver that parks tasks it would sleep on.
 *
 * @param byTime Whether it can go on because time has passed, and not because of the last step.
 */
export function describeLostWakeup(run, id, byTime) {
    const member = describeMember(run, id);
    const actor = byTime ? null : run.lastActor;
    const since = actor === null ? "time has passed" : `the last step, of ${nameOf(actor)}`;
    const message = [
        `lost wakeup: ${whoIs(member)} can go on, but nobody has woken it`,
        `  it waits ${wishTextOf(member)}, and could go on since ${since}`,
    ].join("\n");
    const task = actor?.id ?? null;
    return { kind: "lost-wakeup", message, task, forgotten: id };
}
/** What is waited for, after the word `waits`: `to latch X on page 4`, `until the log is ...`. */
function wishTextOf({ wants }) {
    return wants === null ? "to nothing" : wishOf(wants.fact, wants.object);
}
function whoIs({ taskName, operation }) {
    return nameWithOperation(taskName, operation);
}
/**
 * Lists what each unfinished task waits for when none can go on and no cycle explains it: as far as
 * that is known, behind whom.
 */
export function describeStuck(run) {
    const waiting = run.tasks.filter((task) => !task.isDone);
    const lines = waiting.map((task) => {
        const member = describeMember(run, task.id);
        const wish = wishTextOf(member);
        return `  ${whoIs(member)} waits for ever ${wish}${behind(run, task)}`;
    });
    const message = ["stuck: no task can go on (a lost wakeup?)", ...lines];
    return { kind: "stuck", message: message.join("\n"), task: null };
}
/** In whose way a task is, as `, behind b, which has ended`; empty if that is not known. */
function behind(run, task) {
    const ids = [];
    task.step?.collectBlockers(task.id, ids);
    const names = [...new Set(ids)].map((id) => {
        const other = run.tasks[id];
        const name = other?.source.name ?? `task ${id}`;
        return other?.isDone === true ? `${name}, which has ended` : name;
    });
    return names.length === 0 ? "" : `, behind ${names.join(" and ")}`;
}
/** Names what still runs after so many steps that were shared out fairly. */
export function describeLivelock(run, fairSteps) {
    const busy = run.tasks.filter((task) => !task.isDone).map((task) => nameOf(task));
    const { steps, timeMs } = run;
    const time = timeMs > 0 ? `, and after ${timeMs} ms` : "";
    const message = `livelock: after ${steps} steps, the last ${fairSteps} of them shared out fairly${time}, ` +
        `these still run: ${busy.join(", ")}`;
    return { kind: "livelock", message, task: null };
}
function nameOf({ source }) {
    return nameWithOperation(source.name, source.describe());
}
/** One line for a breach of the latch order; `by` names who broke it. */
export function describeBreach(run, breach, by = "") {
    const name = (object) => run.program.describeObject(object);
    const who = by === "" ? "" : ` by ${by}`;
    return (`order rule broken${who}: ${breach.rule}: waited for ${name(breach.wantedObject)} ` +
        `(${breach.wantedSite}) while holding ${name(breach.heldObject)} (${breach.heldSite})`);
}
function describeMember(run, id) {
    const task = run.tasks[id];
    const step = task?.step ?? null;
    const wants = step === null ? null : named(run, step);
    const held = run.orderGraph.heldBy(id).map((one) => named(run, one));
    return {
        task: id,
        taskName: task?.source.name ?? `task ${id}`,
        operation: task?.source.describe() ?? "",
        wants,
        waitsFor: wants === null ? "nothing" : intentOf(wants.fact, wants.object),
        held,
        holds: held.map(({ fact, object }) => heldOf(fact, object)),
    };
}
function named(run, step) {
    const { objectId } = step;
    const object = objectId < 0 ? "" : run.program.describeObject(objectId);
    return { fact: step.fact(), object };
}
