import { ACCESS_NONE, assert, disown, InvariantViolation, intentOf, inWords, mustBeFunction, mustHaveRun, NO_OBJECT, Step, yetToRun, } from "../task/index.js";
import { AsyncContext } from "./async-context.js";
import { callOutWith } from "./call-out.js";
import { CallStep } from "./blocks/call-step.js";
import { failureFromError } from "./failure.js";
import { OnceSource } from "./once-source.js";
import { WatchedPromise } from "./watched-promise.js";
/**
 * A task whose code is an async function.
 *
 * To the scheduler it is a generator like any other, whose next step is known only once
 * {@link advance} has let the function go on and all its promise jobs have run. Between two steps
 * only this task's code runs, so that whatever it does in promise jobs is part of its step.
 */
export class AsyncSource extends OnceSource {
    #scheduler;
    #body;
    #isClosed = false;
    #errand = null;
    #step = null;
    #stepsStarted = 0;
    #lastStep = "start";
    #ending = null;
    #thrown = null;
    /** What was given that went wrong, since the function went on last. */
    #rejected = [];
    /** @throws LatchworkError BAD_ARGUMENT if the body is no function. */
    constructor(scheduler, name, body) {
        super(name);
        mustBeFunction(`task ${name}`, body, "an async function");
        this.#scheduler = scheduler;
        this.#body = body;
    }
    get value() {
        assert(this.#ending !== null, "a task that was joined has ended");
        return this.#ending.value;
    }
    /**
     * Lets the function go on after its step was taken, until it asks for the next one or ends. If it
     * does neither, it awaits something else, and the run fails as an `escape`. For drivers.
     *
     * @param fault What the step met, thrown where the function awaits it; null if all went well.
     */
    async advance(whenQuiet, fault) {
        const errand = this.#errand;
        const settle = errand === null ? () => this.#call() : this.#carryOn(errand, fault);
        if (settle === null)
            return;
        await new Promise((resolve) => {
            // Asked before the function goes on, so that nothing it starts can come first.
            whenQuiet(() => {
                this.#checkSettled();
                resolve();
            });
            settle();
        });
    }
    /** The run is over: whatever the function still asks for is never granted. For drivers. */
    close() {
        this.#isClosed = true;
    }
    *code() {
        yield new CallStep(NO_OBJECT, { kind: "task-start" }, ACCESS_NONE, () => undefined);
        for (;;) {
            if (this.#thrown !== null)
                throw this.#thrown.error;
            if (this.#ending !== null)
                return this.#ending.value;
            assert(this.#step !== null, "an async task is resumed only once it has its next step");
            yield this.#step;
        }
    }
    /** Takes the errand's next step, or says how to settle the promise if there is none. */
    #carryOn(errand, fault) {
        try {
            const next = callOutWith(fault === null ? nextOf : throwing(fault), errand.steps);
            if (next.done !== true) {
                this.#setStep(next.value);
                return null;
            }
            this.#clear();
            return () => errand.resolve(next.value);
        }
        catch (error) {
            this.#clear();
            return () => errand.reject(error);
        }
    }
    #call() {
        const refuse = (asked) => this.#refuse(asked);
        const context = new AsyncContext(this.#scheduler, (work) => this.#ask(work), refuse);
        const failed = (error) => {
            this.#thrown = { error };
        };
        try {
            const given = callOutWith(this.#body, context);
            if (yetToRun(given) !== "a promise")
                throw notAsync(this.name, given);
            given.then((value) => this.#finish(value, failed), failed);
        }
        catch (error) {
            failed(error);
        }
    }
    #finish(value, failed) {
        if (this.#step !== null)
            this.#escape(`ends with a step it did not await (${this.#lastStep})`);
        try {
            mustHaveRun(this.name, value);
            this.#ending = { value };
        }
        catch (error) {
            failed(error);
        }
    }
    #ask(work) {
        const promise = new WatchedPromise((resolve, reject) => {
            const failed = (error) => {
                reject(error);
                void this.#watch(() => promise);
            };
            try {
                this.#take(work, resolve, failed);
            }
            catch (error) {
                failed(error);
            }
        });
        return promise;
    }
    /** Takes the first step of what is asked for, unless there is none. */
    #take(work, resolve, reject) {
        if (this.#isClosed)
            return;
        if (typeof work?.[Symbol.iterator] !== "function") {
            const found = inWords(work);
            disown(work);
            this.#escape(`asks for what is no step: ${found}; expected a step, or a generator of steps`);
            return;
        }
        const steps = work[Symbol.iterator]();
        const next = callOutWith(nextOf, steps);
        if (next.done === true)
            resolve(next.value);
        else
            this.#begin({ steps, resolve, reject }, next.value);
    }
    /** A rejection is the function's to see; if it does not look, the run fails, not the process. */
    async #watch(promiseOf) {
        // It may be rejected while it is made.
        await Promise.resolve();
        const promise = promiseOf();
        promise.whenRejected((error) => this.#rejected.push({ promise, error }));
    }
    async #refuse(asked) {
        if (!this.#isClosed)
            this.#escape(asked);
        // Nothing is granted any more, so that no `catch` passes over what is wrong.
        return new Promise(() => undefined);
    }
    #begin(errand, step) {
        if (this.#ending !== null) {
            this.#escape(`asks for a step after it has ended (${this.#say(step)})`);
        }
        else if (this.#step !== null) {
            const asked = this.#say(step);
            this.#escape(`asks for a step (${asked}) before its last one is done (${this.#lastStep})`);
        }
        else {
            this.#errand = errand;
            this.#setStep(step);
        }
    }
    #setStep(step) {
        if (!(step instanceof Step)) {
            disown(step);
            const message = `${this.name} is given what is no step: ${inWords(step)}`;
            throw new TypeError(`${message}, after its step ${this.#stepsStarted} (${this.#lastStep})`);
        }
        this.#step = step;
        this.#stepsStarted++;
        this.#lastStep = this.#say(step);
    }
    #clear() {
        this.#errand = null;
        this.#step = null;
    }
    #say(step) {
        const { objectId } = step;
        const name = objectId < 0 ? "" : this.#scheduler.program.describeObject(objectId);
        return intentOf(step.fact(), name);
    }
    #checkSettled() {
        this.#checkSeen();
        if (this.#step !== null || this.#ending !== null || this.#thrown !== null)
            return;
        this.#escape(`awaits something that is no step, after its step ${this.#stepsStarted} (${this.#lastStep})`);
    }
    /** Fails the task for an error at which the function does not look, as Node would the process. */
    #checkSeen() {
        const lost = this.#rejected.find(({ promise }) => !promise.isSeen);
        if (this.#rejected.length > 0)
            this.#rejected = [];
        if (lost !== undefined)
            this.#thrown ??= { error: lost.error };
    }
    #escape(what) {
        const task = this.#scheduler.tasks.find(({ source }) => source === this)?.id ?? null;
        // Where the function asked, if it asked for anything.
        const failure = failureFromError(new InvariantViolation(`escape: ${this.name} ${what}`, "escape"), task);
        this.#scheduler.fail(failure);
    }
}
function notAsync(name, given) {
    const advice = yetToRun(given) === "a generator" ? "sim.task runs it" : "expected one of an async function";
    return new TypeError(`${name}: its function gives ${inWords(given)}, no promise; ${advice}`);
}
function nextOf(steps) {
    return steps.next();
}
function throwing(fault) {
    return (steps) => {
        // An iterator that cannot be thrown into has nothing to undo.
        if (steps.throw === undefined)
            throw fault;
        return steps.throw(fault);
    };
}
