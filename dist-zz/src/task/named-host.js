/**
 * A host as one of several trees sees it: the same time and tasks, but every shared object that the
 * tree makes is called after it in reports, as `the log of left`.
 */
export class NamedHost {
    #host;
    #name;
    constructor(host, name) {
        this.#host = host;
        this.#name = name;
    }
    newObject(name) {
        return this.#host.newObject(`${name} of ${this.#name}`);
    }
    touch(objectId, access) {
        this.#host.touch(objectId, access);
    }
    nowMs() {
        return this.#host.nowMs();
    }
    sleep(durationMs) {
        return this.#host.sleep(durationMs);
    }
    pauseIfDue() {
        return this.#host.pauseIfDue();
    }
    wake(step, isUrgent) {
        this.#host.wake(step, isUrgent);
    }
    released(task, step) {
        this.#host.released(task, step);
    }
    get isTold() {
        return this.#host.isTold;
    }
    tell(fact) {
        this.#host.tell(fact);
    }
}
