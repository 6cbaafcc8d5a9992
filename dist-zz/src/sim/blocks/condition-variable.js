import { ACCESS_WRITE, assert, InvariantViolation, inWords, LatchworkError, } from "../../task/index.js";
import { betrayAwaiting } from "./awaited.js";
import { CallStep } from "./call-step.js";
import { Mutex } from "./mutex.js";
/**
 * A condition variable, as POSIX and Mesa have it: a signal that comes before the wait is lost, and
 * a waiter that was signalled competes for the mutex with everyone else.
 *
 * Which waiter a signal wakes is a decision of the schedule. Nobody wakes unsignalled.
 */
export class ConditionVariable {
    name;
    #home;
    #objectId;
    #waiters = [];
    #signal;
    #broadcast;
    constructor(home, name) {
        this.name = name;
        this.#home = home;
        this.#objectId = home.nameObject(name);
        this.#signal = new CallStep(this.#objectId, { kind: "condition-signal" }, ACCESS_WRITE, () => this.#wakeOne(), home);
        this.#broadcast = new CallStep(this.#objectId, { kind: "condition-broadcast" }, ACCESS_WRITE, () => this.#wakeAll(), home);
    }
    static {
        const wait = Reflect.get(ConditionVariable.prototype, "wait");
        betrayAwaiting(Reflect.get(wait, "prototype"), beginning);
    }
    /**
     * Releases the mutex and begins to wait, as one step; once signalled, takes the mutex again, as
     * another. To be used as `yield* ready.wait(m)`, in a loop that tests the condition.
     *
     * @throws InvariantViolation `latch-misuse` if the running task does not hold the mutex.
     * @throws LatchworkError BAD_ARGUMENT for what is no mutex.
     */
    *wait(mutex) {
        if (!(mutex instanceof Mutex)) {
            const message = `wait on ${this.name}: expected a mutex, found ${inWords(mutex)}`;
            throw new LatchworkError("BAD_ARGUMENT", message);
        }
        const waiter = new Waiter(this.name);
        yield new CallStep(this.#objectId, { kind: "condition-wait" }, ACCESS_WRITE, () => {
            this.#mustHold(mutex);
            mutex.unlockWithin();
            waiter.task = this.#home.scheduler.current.id;
            this.#waiters.push(waiter);
        }, this.#home);
        yield mutex.lockBehind(waiter);
    }
    /** Wakes one of those who wait; without any it does nothing, and is forgotten. */
    signal() {
        return this.#signal;
    }
    /** Wakes all who wait. */
    broadcast() {
        return this.#broadcast;
    }
    #mustHold(mutex) {
        if (mutex.isMine)
            return;
        const task = this.#home.scheduler.current.source.name;
        throw new InvariantViolation(`${task} waits on ${this.name} without holding ${mutex.name}`, "latch-misuse");
    }
    #wakeOne() {
        const count = this.#waiters.length;
        if (count === 0)
            return;
        const index = count === 1 ? 0 : this.#home.scheduler.chooseValue(count);
        for (const waiter of this.#waiters.splice(index, 1))
            this.#open(waiter);
    }
    #wakeAll() {
        for (const waiter of this.#waiters.splice(0))
            this.#open(waiter);
    }
    #open(waiter) {
        waiter.isOpen = true;
        if (waiter.task !== null)
            this.#home.scheduler.letGo(waiter.task);
    }
}
/** The step that a wait begins with: one that is awaited has not begun. */
function beginning(wait) {
    const { value: step } = wait.next();
    assert(step instanceof CallStep, "a wait begins with a step of its own");
    return { step, home: step.home };
}
class Waiter {
    isOpen = false;
    condition;
    /** Who waits; null before it does. */
    task = null;
    constructor(condition) {
        this.condition = condition;
    }
}
