import { ACCESS_COMMUTE, ACCESS_READ, LatchworkError, } from "../task/index.js";
import { endWith, nextCode, runOn } from "./call-out.js";
import { failureFromError, failureOfCheck } from "./failure.js";
import { OPERATIONS_OBJECT, TASKS_OBJECT } from "./own-objects.js";
/** Begins and ends the operations of tasks, one after another, and declares both. */
export class Operations {
    #run;
    constructor(run) {
        this.#run = run;
    }
    /** Runs a task's next operation to its first step; those that end without one are over. */
    startNext(task) {
        while (!this.#run.failed && !this.#startOne(task))
            ;
    }
    /** The operation's first step is being taken. */
    begin(task) {
        // A task that another one has added begins after that.
        if (task.parent !== null && task.stepsTaken <= 1)
            this.#run.touch(TASKS_OBJECT, ACCESS_READ);
        if (task.source.isRecorded === true)
            this.#run.touch(OPERATIONS_OBJECT, ACCESS_READ);
        task.source.begun();
    }
    /** The operation has ended with a value. */
    end(task, value) {
        if (task.source.isRecorded === true)
            this.#run.touch(OPERATIONS_OBJECT, ACCESS_COMMUTE);
        endWith(task, value);
    }
    /** Whether what ended a task's operation is a fault that its source deals with; else it fails. */
    dealsWith(task, error) {
        if (error instanceof LatchworkError && task.source.failed?.(error) === true)
            return true;
        this.#run.fail(task.source.isCheck === true ? failureOfCheck(error) : failureFromError(error, task.id));
        return false;
    }
    /** False if the operation ended before its first step. */
    #startOne(task) {
        task.isFresh = false;
        try {
            task.code = nextCode(task);
            task.step = null;
            if (task.code === null) {
                this.#run.touch(TASKS_OBJECT, ACCESS_COMMUTE);
                return true;
            }
            task.isFresh = true;
            const first = runOn(task.code, null);
            if (first.done !== true) {
                this.#run.pend(task, first.value);
                return true;
            }
            task.isFresh = false;
            this.begin(task);
            this.end(task, first.value);
        }
        catch (error) {
            if (task.isFresh && error instanceof LatchworkError)
                this.begin(task);
            this.dealsWith(task, error);
        }
        return false;
    }
}
