import { SleepStep } from "./blocks/sleep.js";
/** The simulator as the engine's host: virtual time, and a check that whoever waits is woken. */
export class SimHost {
    #scheduler;
    /** By id. Runs give out the same ids again; the last name counts. */
    #names = new Map();
    constructor(scheduler) {
        this.#scheduler = scheduler;
    }
    nowMs() {
        return this.#scheduler.nowMs();
    }
    newObject(name) {
        const id = this.#scheduler.newObject();
        this.#names.set(id, name);
        return id;
    }
    /** What a shared object was called, or null if it is none of this host's. */
    nameOf(objectId) {
        return this.#names.get(objectId) ?? null;
    }
    touch(objectId, access) {
        this.#scheduler.touch(objectId, access);
    }
    sleep(durationMs) {
        return new SleepStep(this.#scheduler, durationMs);
    }
    /** Never: who goes on is decided at other steps, and one more changes nothing that they see. */
    pauseIfDue() {
        return null;
    }
    wake(step) {
        this.#scheduler.wake(step);
    }
    released(task, step) {
        this.#scheduler.orderGraph.released(task, step);
        this.#scheduler.released(step.objectId, step.access);
    }
    get isTold() {
        return this.#scheduler.trace !== null;
    }
    tell(fact) {
        this.#scheduler.trace?.tell(fact);
    }
}
