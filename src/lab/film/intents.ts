import type { ScenarioProgram } from "../../hunt/index.ts";
import type { Scheduler, SimTask } from "../../sim/index.ts";
import { type Fact, intentOf, wishOf } from "../../task/index.ts";
import type { Intent } from "./film.ts";

/** What each task is about to do. Requires: the scheduler has just asked who can go on. */
export function intentsOf(scheduler: Scheduler, program: ScenarioProgram): Intent[] {
  return scheduler.tasks.map((task) => intentOfTask(task, program));
}

function intentOfTask(task: SimTask, program: ScenarioProgram): Intent {
  const { pending, id } = task;
  if (pending === null) {
    const state = task.wasStopped ? "stopped" : "ended";
    const nothing = { text: "", kind: "", objectId: -1, page: null, mode: null, isFree: false };
    return { task: id, state, ...nothing };
  }
  const { objectId, isRelease } = pending;
  const fact = pending.fact();
  const name = program.describeObject(objectId);
  const isReady = task.isEnabled();
  return {
    task: id,
    state: isReady ? "ready" : "waits",
    text: isReady ? intentOf(fact, name) : wishOf(fact, name),
    kind: fact.kind,
    objectId,
    page: pageOf(fact),
    mode: pending.latchMode,
    isFree: isRelease || task.step?.canTake(id) === true,
  };
}

function pageOf(fact: Fact): number | null {
  if ("latch" in fact) return fact.latch;
  return "page" in fact ? fact.page : null;
}
