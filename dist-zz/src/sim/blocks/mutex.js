import { ACCESS_WRITE, HOLDS_AFTER_TRY, HOLDS_AFTER_WAIT, HOLDS_NOTHING, InvariantViolation, } from "../../task/index.js";
import { AskedStep } from "./asked-step.js";
import { ValueStep } from "./value-step.js";
/**
 * A mutual-exclusion lock. Whoever comes when it is free gets it: there is no queue, so a schedule
 * decides who is next. It is not re-entrant, and only its holder may unlock it.
 */
export class Mutex {
    name;
    #home;
    #state;
    #lock;
    #tryLock;
    constructor(home, name) {
        const objectId = home.nameObject(name);
        this.name = name;
        this.#home = home;
        this.#state = new MutexState(objectId, home);
        this.#lock = this.#state.lock;
        this.#tryLock = new TryLockStep(this.#state);
    }
    /** Waits until the mutex is free and takes it. */
    lock() {
        return this.#lock;
    }
    /** Takes the mutex if it is free, and says whether it was. */
    tryLock() {
        return this.#tryLock;
    }
    /** Whether the running task holds the mutex. */
    get isMine() {
        return this.#state.holder === this.#home.scheduler.current.id && !this.#state.isDeferred;
    }
    /**
     * A lock step that is not enabled before `gate` opens: how a waiter on a condition comes back.
     * For other blocks.
     */
    lockBehind(gate) {
        return new GatedLockStep(this.#state, gate);
    }
    /** Releases the mutex at once, within a step of another block. Requires: it {@link isMine}. */
    unlockWithin() {
        const { scheduler } = this.#home;
        scheduler.orderGraph.released(scheduler.current.id, this.#state.takenBy);
        scheduler.released(this.#state.objectId, this.#state.releaseAccess);
        this.#state.finishRelease();
    }
    /**
     * Releases the mutex, at once or, where releases are steps, as the task's next step.
     *
     * @throws InvariantViolation `latch-misuse` if the running task does not hold it.
     */
    unlock() {
        const { scheduler } = this.#home;
        const state = this.#state;
        const { id } = scheduler.current;
        if (state.holder !== id || state.isDeferred)
            throw this.#notHeld();
        if (scheduler.giveBack(id, state.takenBy, state))
            state.isDeferred = true;
        else
            state.holder = NOBODY;
    }
    #notHeld() {
        const { source } = this.#home.scheduler.current;
        const message = `${source.name} unlocks ${this.name}, which it does not hold`;
        return new InvariantViolation(message, "latch-misuse");
    }
}
const NOBODY = -1;
/** Who holds a mutex. Its lock steps keep no state of their own, so all tasks can share them. */
class MutexState {
    objectId;
    incarnation = 0;
    releaseAccess = ACCESS_WRITE;
    home;
    holder = NOBODY;
    lock;
    /** The step by which the holder took it, or by which the last one did. */
    takenBy;
    /** Whether the holder has released it, but the release is still to be carried out. */
    isDeferred = false;
    constructor(objectId, home) {
        this.objectId = objectId;
        this.home = home;
        this.lock = new LockStep(this);
        this.takenBy = this.lock;
    }
    finishRelease() {
        this.holder = NOBODY;
        this.isDeferred = false;
    }
}
const LOCK_FACT = { kind: "mutex-lock", condition: null, isSignalled: false };
class LockStep extends AskedStep {
    #state;
    constructor(state) {
        super();
        this.#state = state;
        this.objectId = state.objectId;
        this.access = ACCESS_WRITE;
        this.holding = HOLDS_AFTER_WAIT;
    }
    get home() {
        return this.#state.home;
    }
    isEnabled() {
        return this.#state.holder === NOBODY;
    }
    take(task) {
        this.#state.holder = task;
        this.#state.takenBy = this;
        return true;
    }
    collectBlockers(_task, into) {
        const holder = this.#state.holder;
        if (holder !== NOBODY)
            into.push(holder);
    }
    fact() {
        return LOCK_FACT;
    }
}
class GatedLockStep extends LockStep {
    #gate;
    constructor(state, gate) {
        super(state);
        this.#gate = gate;
    }
    isEnabled() {
        return this.#gate.isOpen && super.isEnabled();
    }
    collectBlockers(task, into) {
        if (this.#gate.isOpen)
            super.collectBlockers(task, into);
    }
    fact() {
        const { condition, isOpen } = this.#gate;
        return { kind: "mutex-lock", condition, isSignalled: isOpen };
    }
}
class TryLockStep extends ValueStep {
    #state;
    #isTaken = false;
    constructor(state) {
        super();
        this.#state = state;
        this.objectId = state.objectId;
        this.access = ACCESS_WRITE;
    }
    get home() {
        return this.#state.home;
    }
    isEnabled() {
        return true;
    }
    take(task) {
        const state = this.#state;
        this.#isTaken = state.holder === NOBODY;
        this.holding = this.#isTaken ? HOLDS_AFTER_TRY : HOLDS_NOTHING;
        if (this.#isTaken) {
            state.holder = task;
            state.takenBy = this;
        }
        return true;
    }
    result() {
        return this.#isTaken;
    }
    fact() {
        return { kind: "mutex-try-lock", isGot: this.#isTaken };
    }
}
