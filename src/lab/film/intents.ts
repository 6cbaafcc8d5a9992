import type { ScenarioProgram } from "../../hunt/index.ts";
import { LatchGuard } from "../../latch/index.ts";
import type { Scheduler, SimTask } from "../../sim/index.ts";
import type { Fact } from "../../task/index.ts";
import type { Intent } from "./film.ts";
import { goesOnWith, stepWords } from "./step-words.ts";

/** What each task is about to do. Requires: the scheduler has just asked who can go on. */
export function intentsOf(scheduler: Scheduler, program: ScenarioProgram): Intent[] {
  return scheduler.tasks.map((task) => intentOfTask(task, program));
}

function intentOfTask(task: SimTask, program: ScenarioProgram): Intent {
  const { pending, id } = task;
  if (pending === null) {
    const state = task.wasStopped ? "stopped" : "ended";
    return { task: id, state, ...NOTHING };
  }
  const { objectId, isRelease } = pending;
  const fact = pending.fact();
  const name = program.describeObject(objectId);
  const isReady = task.isEnabled();
  const isGranted = !isRelease && task.step instanceof LatchGuard && task.step.state === "granted";
  const { intent, wish } = stepWords(fact, name);
  return {
    task: id,
    state: isReady ? "ready" : "waits",
    text: isGranted && "latch" in fact ? goesOnWith(fact, name) : isReady ? intent : wish,
    isGranted,
    kind: fact.kind,
    objectId,
    page: pageOf(fact),
    mode: pending.latchMode,
    isFree: isRelease || task.step?.canTake(id) === true,
  };
}

/** What a task is about to do that has ended. */
const NOTHING = {
  text: "",
  kind: "",
  objectId: -1,
  page: null,
  mode: null,
  isFree: false,
  isGranted: false,
};

function pageOf(fact: Fact): number | null {
  if ("latch" in fact) return fact.latch;
  return "page" in fact ? fact.page : null;
}
