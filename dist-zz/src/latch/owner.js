import { ACCESS_WRITE, assert, InvariantViolation, } from "../task/index.js";
import { ONLY_TABLE } from "./latch-objects.js";
/** A driver for one task at a time: grants at once, and throws on a broken latch order. */
export const DIRECT_DRIVER = {
    eager: true,
    latchesOf: () => ONLY_TABLE,
    touch: () => undefined,
    releasing: () => false,
    granted: () => undefined,
    orderBroken: (_owner, breach) => {
        throw new InvariantViolation(`latch order: ${breach.rule} (held ${breach.held}, wanted ${breach.wanted})`, "latch-order");
    },
    isTold: false,
    tell: () => undefined,
};
/**
 * A task as its latches see it: what it holds, in which order it was taken, and the order rule.
 *
 * Invariants: (1) `held` lists exactly the guards in state `held`, oldest first; (2) every blocking
 * acquire made while something is held was checked against {@link LatchOrder}.
 */
export class LatchOwner {
    taskId;
    driver;
    held = [];
    order;
    constructor(taskId, driver, order = null) {
        this.taskId = taskId;
        this.driver = driver;
        this.order = order;
    }
    /** Asks for a latch and is willing to wait; check the guard's `pending` afterwards. */
    acquire(guard, latch, mode, site) {
        guard.prepare(latch, mode, site, false);
        if (!guard.reach())
            return;
        if (this.held.length > 0)
            this.checkOrder(guard);
        if (this.driver.eager)
            this.#takeIfFree(guard);
    }
    /** Asks for a latch without waiting: afterwards the guard is held or refused. */
    tryAcquire(guard, latch, mode, site) {
        guard.prepare(latch, mode, site, true);
        if (this.driver.eager)
            guard.take(this.taskId);
    }
    /**
     * Asks for X on what is held in S or U, and waits until all other holders have released it.
     *
     * From U it is granted as soon as the readers have left, unless one of them waits for this task:
     * of two tasks that mean to upgrade, the second does not get U before the first is done. From S
     * two tasks that do so at once wait for each other for ever, and so do one from S and one from U.
     */
    upgrade(guard, site) {
        guard.prepareUpgrade(site);
        if (this.driver.eager)
            this.#takeIfFree(guard);
    }
    /**
     * Takes a latch that nobody else can know of, as that of a page just allocated.
     *
     * @throws InvariantViolation if somebody does hold or want it.
     */
    acquireFresh(guard, latch, mode, site) {
        this.driver.touch(latch.objectId, ACCESS_WRITE);
        latch.incarnation++;
        guard.prepare(latch, mode, site, false);
        guard.isFresh = true;
        assert(latch.isFree, "nobody holds or wants the latch of a fresh page");
        latch.grant(guard);
        if (this.driver.isTold)
            guard.tell("latch-granted");
        guard.settle();
    }
    /** Releases everything, newest first. */
    releaseAll() {
        for (;;) {
            const last = this.held.at(-1);
            if (last === undefined)
                return;
            last.release();
        }
    }
    /** Releases everything but one guard, oldest first, as crabbing drops its safe ancestors. */
    releaseAllBut(kept) {
        for (let i = 0; i < this.held.length;) {
            const guard = this.held[i];
            if (guard === undefined || guard === kept)
                i++;
            else
                guard.release();
        }
    }
    forget(guard) {
        const { held } = this;
        let at = held.length - 1;
        while (at >= 0 && held[at] !== guard)
            at--;
        assert(at >= 0, "a held guard is on its owner's list");
        // Moved by hand: a splice allocates, and crabbing releases the oldest all the time.
        for (let i = at + 1; i < held.length; i++)
            held[i - 1] = held[i] ?? guard;
        held.pop();
    }
    checkOrder(wanted) {
        const order = this.order;
        if (order === null)
            return;
        for (const held of this.held) {
            if (held.isFresh)
                continue;
            const rule = order.brokenRule(held.latch.id, wanted.latch.id);
            if (rule === null)
                continue;
            if (typeof rule !== "string")
                noRule(order, rule);
            // One that is held twice is in the way once.
            if (this.held.find(({ latch }) => latch === held.latch) === held)
                this.#report(rule, held, wanted);
        }
    }
    #takeIfFree(guard) {
        const { latch } = guard;
        if (!latch.canGrant(guard))
            return;
        latch.grant(guard);
        guard.settle();
    }
    #report(rule, held, wanted) {
        this.driver.orderBroken(this, {
            rule,
            held: held.latch.id,
            heldObject: held.objectId,
            heldMode: held.heldMode,
            heldSite: held.site,
            wanted: wanted.latch.id,
            wantedObject: wanted.objectId,
            wantedMode: wanted.mode,
            wantedSite: wanted.site,
        });
    }
}
function noRule(order, given) {
    const right = "the rule that is broken, in words, or null";
    const what = `brokenRule of the latch order ${order.name} gave ${String(given)}`;
    throw new InvariantViolation(`${what}, expected ${right}`);
}
