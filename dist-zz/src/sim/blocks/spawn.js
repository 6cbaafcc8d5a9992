import { ACCESS_NONE, ACCESS_READ, assert, mustBeFunction, mustHaveRun, NO_OBJECT, } from "../../task/index.js";
import { OnceSource } from "../once-source.js";
import { TASKS_OBJECT } from "../own-objects.js";
import { CallStep } from "./call-step.js";
import { ValueStep } from "./value-step.js";
/** A task that runs one function once, and then holds what it returned. */
export class FunctionSource extends OnceSource {
    #body;
    #ending = null;
    /** @throws LatchworkError BAD_ARGUMENT if the body is no function. */
    constructor(name, body) {
        super(name);
        mustBeFunction(`task ${name}`, body, "a generator function");
        this.#body = body;
    }
    /** What the function returned. Requires: the task has ended. */
    get value() {
        assert(this.#ending !== null, "a task that was joined has ended");
        return this.#ending.value;
    }
    ended(value) {
        mustHaveRun(this.name, value);
        this.#ending = { value: value };
    }
    code() {
        return this.#body();
    }
}
/** A task that can be waited for. */
export class TaskHandle {
    name;
    #source;
    #home;
    #task = null;
    constructor(home, source) {
        this.name = source.name;
        this.#home = home;
        this.#source = source;
    }
    /** Whether the task has come to its end. */
    get isDone() {
        this.#home.scheduler.touch(TASKS_OBJECT, ACCESS_READ);
        return this.#task?.isDone ?? false;
    }
    /** Adds the task to a run; from now on it is one of the options. */
    start(scheduler) {
        assert(this.#task === null, "a task is started once");
        this.#task = scheduler.addTask(this.#source);
    }
    /** Waits until the task has ended; gives what its function returned. */
    join() {
        return new JoinStep(this.#home, this, this.#source);
    }
    /** The task that runs has joined this one. */
    noteJoined() {
        if (this.#task !== null)
            this.#home.scheduler.joined(this.#task.id);
    }
    /** Appends the task's id, if it has one. */
    collectId(into) {
        if (this.#task !== null)
            into.push(this.#task.id);
    }
}
/** Starts a task as a step; gives its handle. */
export function spawnStep(home, handle) {
    const start = () => {
        handle.start(home.scheduler);
        return handle;
    };
    const fact = { kind: "task-spawn", name: handle.name };
    return new CallStep(NO_OBJECT, fact, ACCESS_NONE, start, home);
}
class JoinStep extends ValueStep {
    #home;
    #handle;
    #source;
    constructor(home, handle, source) {
        super();
        this.#home = home;
        this.#handle = handle;
        this.#source = source;
    }
    get home() {
        return this.#home;
    }
    isEnabled() {
        return this.#handle.isDone;
    }
    take() {
        this.#home.scheduler.touch(TASKS_OBJECT, ACCESS_READ);
        this.#handle.noteJoined();
        return true;
    }
    collectBlockers(_task, into) {
        if (!this.#handle.isDone)
            this.#handle.collectId(into);
    }
    result() {
        return this.#source.value;
    }
    fact() {
        return { kind: "task-join", name: this.#handle.name };
    }
}
/** A task that starts others in order, one step each, and then waits for them all. */
export function* spawnAndJoin(home, handles) {
    for (const handle of handles)
        yield spawnStep(home, handle);
    for (const handle of handles)
        yield handle.join();
}
