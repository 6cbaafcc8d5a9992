import { taskId } from "../task/index.ts";
import { SimTask, type TaskSource } from "./sim-task.ts";

/** Task objects, used again run after run. */
export class TaskPool {
  readonly #tasks: SimTask[] = [];

  /** The object for the task of this number, as one that has not begun. */
  taskFor(number: number, source: TaskSource): SimTask {
    const known = this.#tasks[number];
    if (known !== undefined) {
      known.reuse(source);
      return known;
    }
    const task = new SimTask(taskId(number), source);
    this.#tasks.push(task);
    return task;
  }
}
