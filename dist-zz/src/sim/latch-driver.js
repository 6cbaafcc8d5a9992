import { latchId, } from "../latch/index.js";
import { LatchworkError } from "../task/index.js";
const ONLY_TREE = [""];
/**
 * Leaves every acquire to the scheduler, and reports releases and broken orders to it.
 *
 * Latches have the even object ids, and the trees take turns: with two of them, page 3 of the
 * second is object 2 * (2 * 3 + 1). So ids are dense, and depend on nothing that happens in a run.
 */
export class SimLatchDriver {
    eager = false;
    #scheduler;
    #trees;
    /** @param trees The names of all trees of the simulation. Default: one without a name. */
    constructor(scheduler, trees = ONLY_TREE) {
        this.#scheduler = scheduler;
        this.#trees = trees;
    }
    /** @throws LatchworkError UNKNOWN_NAME for a tree that the driver was not made for. */
    latchesOf(tree) {
        const at = this.#trees.indexOf(tree);
        const { length } = this.#trees;
        if (at >= 0)
            return { objectOf: (latch) => 2 * (length * latch + at) };
        const known = this.#trees.map((name) => `"${name}"`).join(", ");
        throw new LatchworkError("UNKNOWN_NAME", `no tree "${tree}" in this simulation, only ${known}`);
    }
    /** The tree and the latch of an object; null if the object is no latch. */
    latchOf(object) {
        if (object < 0 || object % 2 === 1)
            return null;
        const { length } = this.#trees;
        const place = object / 2;
        const tree = this.#trees[place % length] ?? "";
        return { tree, latch: latchId(Math.floor(place / length)) };
    }
    touch(objectId, access) {
        this.#scheduler.touch(objectId, access);
    }
    releasing(guard) {
        return this.#scheduler.giveBack(guard.owner.taskId, guard, guard);
    }
    granted(guard) {
        this.#scheduler.wake(guard);
    }
    orderBroken(_owner, breach) {
        this.#scheduler.breaches.push(breach);
    }
    get isTold() {
        return this.#scheduler.trace !== null;
    }
    tell(fact) {
        this.#scheduler.trace?.tell(fact);
    }
}
