import { formatOperation, type ScenarioProgram } from "../../hunt/index.ts";
import { type Scheduler, type TaskSource, taskToken } from "../../sim/index.ts";
import type { FilmTask, TaskRole } from "./film.ts";

/** The tasks of a run so far, with the operations that each has to do. */
export function filmTasks(scheduler: Scheduler, { history }: ScenarioProgram): FilmTask[] {
  return scheduler.tasks.map(({ id, source }) => ({
    task: id,
    name: taskToken(id),
    role: roleOf(source),
    operations: history.records
      .filter(({ task }) => task === id)
      .map(({ index, operation }) => ({ index, text: formatOperation(operation) })),
  }));
}

function roleOf(source: TaskSource): TaskRole {
  if (source.isCrash === true) return "crash";
  return source.name === "recovery" ? "recovery" : "operations";
}
