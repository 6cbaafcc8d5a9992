import { ACCESS_WRITE, LatchworkError } from "../../task/index.js";
import { AskedStep } from "./asked-step.js";
import { CallStep } from "./call-step.js";
import { ValueStep } from "./value-step.js";
/**
 * A counting semaphore. Anyone may release a permit, so nobody is its holder: a task that waits for
 * ever is reported as stuck, not as part of a deadlock's cycle.
 */
export class Semaphore {
    name;
    #permits;
    #acquire;
    #tryAcquire;
    /** @throws LatchworkError BAD_ARGUMENT unless `permits` is a whole number from 0 up. */
    constructor(home, name, permits) {
        mustCount(name, permits);
        this.name = name;
        this.#permits = { objectId: home.nameObject(name), home, free: permits };
        this.#acquire = new AcquireStep(this.#permits);
        this.#tryAcquire = new TryAcquireStep(this.#permits);
    }
    /** Waits for a permit and takes it. */
    acquire() {
        return this.#acquire;
    }
    /** Takes a permit if there is one, and says whether there was. */
    tryAcquire() {
        return this.#tryAcquire;
    }
    /** Gives permits, as a step: `yield s.release()`. */
    release(count = 1) {
        mustCount(this.name, count);
        const { objectId, home } = this.#permits;
        const release = () => {
            if (this.#permits.free === 0)
                home.scheduler.opened(objectId);
            this.#permits.free += count;
        };
        const fact = { kind: "semaphore-release", count };
        return new CallStep(objectId, fact, ACCESS_WRITE, release, home);
    }
    /** Looks without a step how many permits are free, for final checks. */
    peek() {
        return this.#permits.free;
    }
}
function mustCount(name, count) {
    if (Number.isInteger(count) && count >= 0)
        return;
    throw new LatchworkError("BAD_ARGUMENT", `semaphore ${name}: ${count} permits, expected 0 or more`);
}
class AcquireStep extends AskedStep {
    #permits;
    constructor(permits) {
        super();
        this.#permits = permits;
        this.objectId = permits.objectId;
        this.access = ACCESS_WRITE;
    }
    get home() {
        return this.#permits.home;
    }
    isEnabled() {
        return this.#permits.free > 0;
    }
    get waitsWhileHeld() {
        return true;
    }
    take() {
        this.#permits.free--;
        return true;
    }
    fact() {
        return { kind: "semaphore-acquire" };
    }
}
class TryAcquireStep extends ValueStep {
    #permits;
    #isGot = false;
    constructor(permits) {
        super();
        this.#permits = permits;
        this.objectId = permits.objectId;
        this.access = ACCESS_WRITE;
    }
    get home() {
        return this.#permits.home;
    }
    isEnabled() {
        return true;
    }
    take() {
        this.#isGot = this.#permits.free > 0;
        if (this.#isGot)
            this.#permits.free--;
        return true;
    }
    result() {
        return this.#isGot;
    }
    fact() {
        return { kind: "semaphore-try-acquire", isGot: this.#isGot };
    }
}
