import type { TaskId } from "../task/index.ts";
import type { SimTask } from "./sim-task.ts";
import type { PendingStep } from "./strategy.ts";

/** The tasks of a run by id, and what summaries of the run say of each. */
export class TaskTable {
  readonly tasks: SimTask[] = [];

  get taskCount(): number {
    return this.tasks.length;
  }

  stepsTaken(task: TaskId): number {
    return this.tasks[task]?.stepsTaken ?? 0;
  }

  pendingOf(task: TaskId): PendingStep | null {
    return this.tasks[task]?.pending ?? null;
  }

  parentOf(task: TaskId): TaskId | null {
    return this.tasks[task]?.parent ?? null;
  }

  wasStopped(task: TaskId): boolean {
    return this.tasks[task]?.wasStopped ?? false;
  }
}
