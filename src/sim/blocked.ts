import type { OrderBreach } from "../latch/index.ts";
import type { TaskId } from "../task/index.ts";
import type { CycleMember, Failure } from "./failure.ts";
import type { OrderGraph } from "./order-graph.ts";
import { nameWithOperation, type SimTask } from "./sim-task.ts";

/** A run, as far as reports on it go. */
export interface ReportedRun {
  readonly tasks: readonly SimTask[];
  readonly breaches: readonly OrderBreach[];
  readonly orderGraph: OrderGraph;
  readonly program: { describeObject(objectId: number): string };
  /** The task that took the last step, or null before the first. */
  readonly lastActor: SimTask | null;
  readonly steps: number;
  readonly timeMs: number;
}

/** Names every member of a wait-for cycle: what it waits for, what it holds, what it broke. */
export function describeDeadlock(run: ReportedRun, cycle: readonly TaskId[]): Failure {
  const members = cycle.map((task) => describeMember(run, task));
  const lines = members.map((member, i) => {
    const next = members[(i + 1) % members.length]?.taskName ?? "";
    const holds = member.holds.length === 0 ? "nothing" : member.holds.join("; ");
    const who = nameWithOperation(member.taskName, member.operation);
    return `  ${who} waits ${waitingFor(member.waitsFor)}, behind ${next}; holds ${holds}`;
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
export function describeLostWakeup(run: ReportedRun, id: TaskId, byTime: boolean): Failure {
  const { taskName, operation, waitsFor } = describeMember(run, id);
  const actor = byTime ? null : run.lastActor;
  const since = actor === null ? "time has passed" : `the last step, of ${nameOf(actor)}`;
  const message = [
    `lost wakeup: ${nameWithOperation(taskName, operation)} can go on, but nobody has woken it`,
    `  it waits ${waitingFor(waitsFor)}, and need not any more since ${since}`,
  ].join("\n");
  return { kind: "lost-wakeup", message, task: actor?.id ?? null, forgotten: id };
}

/** What is waited for, after the word `waits`: `to latch X on page 4`, `until the log is ...`. */
export function waitingFor(wish: string): string {
  return wish.startsWith("wait ") ? wish.slice("wait ".length) : `to ${wish}`;
}

/**
 * Lists what each unfinished task waits for when none can go on and no cycle explains it: as far as
 * that is known, behind whom.
 */
export function describeStuck(run: ReportedRun): Failure {
  const waiting = run.tasks.filter((task) => !task.isDone);
  const lines = waiting.map((task) => {
    const { taskName, operation, waitsFor } = describeMember(run, task.id);
    const who = nameWithOperation(taskName, operation);
    return `  ${who} waits for ever ${waitingFor(waitsFor)}${behind(run, task)}`;
  });
  const message = ["stuck: no task can go on (a lost wakeup?)", ...lines];
  return { kind: "stuck", message: message.join("\n"), task: null };
}

/** In whose way a task is, as `, behind b, which has ended`; empty if that is not known. */
function behind(run: ReportedRun, task: SimTask): string {
  const ids: TaskId[] = [];
  task.step?.collectBlockers(task.id, ids);
  const names = [...new Set(ids)].map((id) => {
    const other = run.tasks[id];
    const name = other?.source.name ?? `task ${id}`;
    return other?.isDone === true ? `${name}, which has ended` : name;
  });
  return names.length === 0 ? "" : `, behind ${names.join(" and ")}`;
}

/** Names what still runs after so many steps that were shared out fairly. */
export function describeLivelock(run: ReportedRun, fairSteps: number): Failure {
  const busy = run.tasks.filter((task) => !task.isDone).map((task) => nameOf(task));
  const { steps, timeMs } = run;
  const time = timeMs > 0 ? `, and after ${timeMs} ms` : "";
  const message =
    `livelock: after ${steps} steps, the last ${fairSteps} of them shared out fairly${time}, ` +
    `these still run: ${busy.join(", ")}`;
  return { kind: "livelock", message, task: null };
}

function nameOf({ source }: SimTask): string {
  return nameWithOperation(source.name, source.describe());
}

/** One line for a breach of the latch order. */
export function describeBreach(run: ReportedRun, breach: OrderBreach): string {
  const name = (object: number): string => run.program.describeObject(object);
  return (
    `order rule broken: ${breach.rule}: waited for ${name(breach.wantedObject)} ` +
    `(${breach.wantedSite}) while holding ${name(breach.heldObject)} (${breach.heldSite})`
  );
}

function describeMember(run: ReportedRun, id: TaskId): CycleMember {
  const task = run.tasks[id];
  const step = task?.step ?? null;
  const name = (object: number): string => (object < 0 ? "" : run.program.describeObject(object));
  return {
    task: id,
    taskName: task?.source.name ?? `task ${id}`,
    operation: task?.source.describe() ?? "",
    waitsFor: step === null ? "nothing" : step.describe(name(step.objectId)),
    holds: run.orderGraph.heldBy(id).map((held) => held.describeHeld(name(held.objectId))),
  };
}
