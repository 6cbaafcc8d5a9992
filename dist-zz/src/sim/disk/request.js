import { assert, DiskRequest } from "../../task/index.js";
import { betrayAwaiting } from "../blocks/awaited.js";
/** One request to a simulated disk: carried out when it is taken, which a crash may prevent. */
export class SimDiskRequest extends DiskRequest {
    errand;
    #scheduler;
    #readyAtMs;
    #taken;
    #home;
    #outcome = null;
    static {
        betrayAwaiting(SimDiskRequest.prototype, (step) => ({ step, home: step.#home }));
    }
    /** @param taken Called just before the request is carried out; throws if it cannot be. */
    constructor(errand, objectId, scheduler, readyAtMs, taken, home) {
        super();
        this.errand = errand;
        this.objectId = objectId;
        this.access = errand.access;
        this.#scheduler = scheduler;
        this.#readyAtMs = readyAtMs;
        this.dueAtMs = readyAtMs > 0 ? readyAtMs : Number.POSITIVE_INFINITY;
        this.#taken = taken;
        this.#home = home;
    }
    /** Whether it hangs for ever. */
    get isStuck() {
        return this.#readyAtMs === Number.POSITIVE_INFINITY;
    }
    get value() {
        assert(this.#outcome !== null, "a request's value is there once it was taken");
        return this.#outcome.value;
    }
    isEnabled() {
        return this.#readyAtMs === 0 || this.#scheduler.timeMs >= this.#readyAtMs;
    }
    /** The disk itself sees when a request ends. */
    needsWake() {
        return false;
    }
    join(step) {
        if (!this.isEnabled())
            this.#scheduler.wakeAt(step, this.#readyAtMs);
    }
    take() {
        this.#taken(this);
        this.#outcome = { value: this.errand.perform() };
        return true;
    }
    fact() {
        return this.errand.fact;
    }
}
