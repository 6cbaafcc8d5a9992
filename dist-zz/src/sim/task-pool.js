import { taskId } from "../task/index.js";
import { SimTask } from "./sim-task.js";
/** Task objects, used again run after run. */
export class TaskPool {
    #tasks = [];
    /** The object for the task of this number, as one that has not begun. */
    taskFor(number, source) {
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
