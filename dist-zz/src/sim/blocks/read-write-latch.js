import { EXCLUSIVE, LatchGuard, SHARED, UPDATE, } from "../../latch/index.js";
import { InvariantViolation, inWords, LatchworkError } from "../../task/index.js";
import { betrayAwaiting } from "./awaited.js";
/** A request for a latch and the right to it: `const guard = yield* latch.shared()`. */
export class YieldedGuard extends LatchGuard {
    #home;
    #name;
    constructor(owner, home, name) {
        super(owner);
        this.#home = home;
        this.#name = name;
    }
    static {
        // Once it is held or refused it is a value, which an async function may return.
        const isPending = (guard) => guard.pending;
        const stepOf = (step) => ({ step, home: step.#home });
        betrayAwaiting(YieldedGuard.prototype, stepOf, isPending);
    }
    *[Symbol.iterator]() {
        yield this;
        return this;
    }
    latchName() {
        return `latch ${this.#name}`;
    }
}
/**
 * The engine's own latch as a building block: many share it or one holds it exclusively, with the
 * fairness that it was made with. One may hold it for update beside those who share it. Not
 * re-entrant.
 *
 * `site` says in reports where a latch was asked for.
 */
export class ReadWriteLatch {
    name;
    #home;
    #latch;
    constructor(home, name, fairness) {
        this.name = name;
        this.#home = home;
        this.#latch = home.newLatch(name, fairness);
    }
    /** Waits until the latch can be shared. Release the guard once. */
    shared(site = "reader") {
        return this.#ask(SHARED, site);
    }
    /**
     * Waits until nobody else holds the latch for update or exclusively. Others may share it all the
     * while, and {@link upgrade} waits for them to leave. Release the guard once.
     */
    update(site = "updater") {
        return this.#ask(UPDATE, site);
    }
    /** Waits until the latch can be held exclusively. Release the guard once. */
    exclusive(site = "writer") {
        return this.#ask(EXCLUSIVE, site);
    }
    /** Shares the latch if that is possible at once; afterwards the guard's `isHeld` says so. */
    tryShared(site = "reader") {
        return this.#try(SHARED, site);
    }
    /** Holds the latch for update if that is possible at once; the guard's `isHeld` says so. */
    tryUpdate(site = "updater") {
        return this.#try(UPDATE, site);
    }
    /** Holds the latch exclusively if that is possible at once; the guard's `isHeld` says so. */
    tryExclusive(site = "writer") {
        return this.#try(EXCLUSIVE, site);
    }
    /**
     * Waits until one who holds the latch shared or for update holds it exclusively. Of those who
     * hold it for update there is only one, so that two who upgrade from there never wait for each
     * other; two who upgrade at once from shared do so for ever.
     *
     * @throws LatchworkError BAD_ARGUMENT for what is no guard.
     * @throws InvariantViolation `latch-misuse` for a guard by which the task does not hold this
     *   latch in a weaker mode.
     */
    upgrade(guard, site = "writer") {
        if (!(guard instanceof YieldedGuard)) {
            const message = `upgrade of ${this.name}: expected a guard, found ${inWords(guard)}`;
            throw new LatchworkError("BAD_ARGUMENT", message);
        }
        this.#mustBeUpgradable(guard);
        guard.owner.upgrade(guard, site);
        return guard;
    }
    /** @throws InvariantViolation `latch-misuse` unless the running task holds this latch by it. */
    #mustBeUpgradable(guard) {
        const why = this.#whyNoUpgrade(guard);
        if (why === "")
            return;
        const { name } = this.#home.scheduler.current.source;
        const message = `${name} upgrades latch ${this.name} ${why}`;
        throw new InvariantViolation(message, "latch-misuse");
    }
    #whyNoUpgrade(guard) {
        if (guard.latch !== this.#latch)
            return "by the guard of another latch";
        if (guard.owner !== this.#home.currentOwner())
            return "by a guard that another task has";
        if (!guard.isHeld)
            return guard.whyShut;
        return guard.mode === EXCLUSIVE ? "which it holds exclusively" : "";
    }
    #ask(mode, site) {
        const owner = this.#home.currentOwner();
        const guard = new YieldedGuard(owner, this.#home, this.name);
        owner.acquire(guard, this.#latch, mode, site);
        return guard;
    }
    #try(mode, site) {
        const owner = this.#home.currentOwner();
        const guard = new YieldedGuard(owner, this.#home, this.name);
        owner.tryAcquire(guard, this.#latch, mode, site);
        return guard;
    }
}
