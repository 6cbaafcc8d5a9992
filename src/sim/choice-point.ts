import type { TaskId } from "../task/index.ts";
import type { SimTask } from "./sim-task.ts";
import type { ChoicePoint, PendingStep } from "./strategy.ts";

/** The scheduler's one choice point, refilled for each decision so that none is allocated. */
export class LiveChoicePoint implements ChoicePoint {
  kind: "task" | "value" = "task";
  count = 0;
  currentIndex = -1;
  stepIndex = 0;
  decisionIndex = 0;
  taskCount = 0;
  readonly options: SimTask[] = [];
  readonly #tasks: readonly SimTask[];

  constructor(tasks: readonly SimTask[]) {
    this.#tasks = tasks;
  }

  taskAt(index: number): TaskId {
    return this.#option(index).id;
  }

  stepsTaken(task: TaskId): number {
    return this.#tasks[task]?.stepsTaken ?? 0;
  }

  pendingAt(index: number): PendingStep | null {
    const task = this.#option(index);
    return task.releases.length > 0 ? null : task.step;
  }

  #option(index: number): SimTask {
    const option = this.options[index];
    if (option === undefined || index >= this.count) {
      throw new RangeError(`option ${index} of ${this.count}`);
    }
    return option;
  }
}
