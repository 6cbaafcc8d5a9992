import { inWords } from "../task/index.js";
import { ConditionVariable } from "./blocks/condition-variable.js";
import { Mutex } from "./blocks/mutex.js";
import { Shared } from "./blocks/shared.js";
import { SleepStep } from "./blocks/sleep.js";
import { TaskHandle } from "./blocks/spawn.js";
/**
 * What an async task takes its steps with. Each promise is to be awaited before the next is asked
 * for; a second one at the same time ends the run as an `escape`.
 */
export class AsyncContext {
    #scheduler;
    #start;
    #refuse;
    /**
     * @param start Takes the steps of what is asked for.
     * @param refuse Fails the run for what was asked, as `asks to lock 5`; its promise never settles.
     */
    constructor(scheduler, start, refuse) {
        this.#scheduler = scheduler;
        this.#start = start;
        this.#refuse = refuse;
    }
    /** Takes any step, or one after another those of a generator; gives what it gives. */
    run(work) {
        return this.#start(work);
    }
    /** Waits until the mutex is free and takes it; `mutex.unlock()` is a plain call. */
    lock(mutex) {
        if (!(mutex instanceof Mutex))
            return this.#refuse(asking("lock", "mutex", mutex));
        return this.#start(mutex.lock());
    }
    /** Reads a shared variable. */
    read(variable) {
        if (!(variable instanceof Shared))
            return this.#refuse(asking("read", "shared", variable));
        return this.#start(variable.read());
    }
    /** Writes a shared variable. */
    write(variable, value) {
        if (!(variable instanceof Shared))
            return this.#refuse(asking("write", "shared", variable));
        return this.#start(variable.write(value));
    }
    /** Releases the mutex, waits to be signalled, and takes the mutex again. */
    wait(condition, mutex) {
        if (!(condition instanceof ConditionVariable)) {
            return this.#refuse(asking("wait on", "condition", condition));
        }
        if (!(mutex instanceof Mutex))
            return this.#refuse(asking("wait with", "mutex", mutex));
        return this.#start(condition.wait(mutex));
    }
    /** Waits for virtual time to pass. */
    sleep(durationMs) {
        return this.#start(new SleepStep(this.#scheduler, durationMs));
    }
    /** Waits until a task has ended; gives what it returned. */
    join(handle) {
        if (!(handle instanceof TaskHandle))
            return this.#refuse(asking("join", "task", handle));
        return this.#start(handle.join());
    }
}
/** What each is called that a task may ask for, and where it comes from. */
const EXPECTED = {
    mutex: "one of sim.mutex",
    shared: "a variable of sim.shared",
    condition: "one of sim.condition",
    task: "the handle of a task",
};
/** Says what is wrong with what only a program in JavaScript can ask for. */
function asking(what, expected, found) {
    const advice = "every other step is taken by t.run";
    return `asks to ${what} ${inWords(found)}; expected ${EXPECTED[expected]} (${advice})`;
}
