import { LatchworkError } from "./errors.js";
import { labelOf } from "./fact-text.js";
import { taskId } from "./step.js";
const ONLY_TASK = taskId(0);
/**
 * Runs a task by itself, taking each step as it comes.
 *
 * @returns what the task returns.
 * @throws LatchworkError WOULD_WAIT if a step cannot be taken: nobody else would ever enable it.
 */
export function runToCompletion(task) {
    let next = task.next();
    for (;;) {
        if (next.done === true)
            return next.value;
        const step = next.value;
        const fault = takeAlone(step);
        next = fault === null ? task.next() : task.throw(fault);
    }
}
/** Takes a step for the only task there is; gives the fault of the world that befell it, if any. */
function takeAlone(step) {
    try {
        // A step may join a queue and be enabled at once, as a page that is read and then latched.
        while (step.isEnabled(ONLY_TASK))
            if (step.take(ONLY_TASK))
                return null;
    }
    catch (error) {
        if (error instanceof LatchworkError)
            return error;
        throw error;
    }
    const what = labelOf(step.fact());
    throw new LatchworkError("WOULD_WAIT", `the only task would wait for ever: ${what}`);
}
