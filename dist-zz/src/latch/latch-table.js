import { ONLY_TABLE } from "./latch-objects.js";
import { Latch } from "./latch.js";
/**
 * The latches of one store, each made as it is first asked for.
 *
 * A store that keeps only some of its pages in memory forgets the latches of the others: a latch
 * takes as much memory as a small page.
 */
export class LatchTable {
    fairness;
    /** By id, dense; null where there is none at present. */
    #latches = [];
    /** Of latches that were forgotten: how far they had got, if they had. */
    #incarnations = new Map();
    #objects;
    #use = { latches: 0 };
    /** @param objects How the driver knows them: see `LatchDriver.latchesOf`. */
    constructor(fairness, objects = ONLY_TABLE) {
        this.fairness = fairness;
        this.#objects = objects;
    }
    /** Finds the latch with this id, or makes it. O(1). */
    latch(id) {
        return this.#latches[id] ?? this.#make(id);
    }
    /** Its id among the driver's shared objects. O(1), and makes none. */
    objectOf(id) {
        return this.#objects.objectOf(id);
    }
    /**
     * Whether no latch at all is held; then none has a queue either. O(1), and touches none: it is a
     * short answer to what {@link isFree} would say of every one of them.
     */
    get areAllFree() {
        return this.#use.latches === 0;
    }
    /** Whether a reader that comes now is granted the latch at once. O(1), and makes none. */
    admitsReader(id) {
        return this.#latches[id]?.admitsReader ?? true;
    }
    /** Notes a change of what a free latch protects, for those who go by its version. O(1). */
    changed(id) {
        const latch = this.#latches[id] ?? null;
        if (latch !== null)
            latch.version++;
    }
    /** Whether nobody holds the latch or waits in its queue. O(1), and makes none. */
    isFree(id) {
        return this.#latches[id]?.isFree ?? true;
    }
    /**
     * Forgets a latch, unless somebody holds it, waits for it or is on the way to it. Whoever asks
     * next gets another, which goes on counting incarnations from there. O(1).
     */
    forget(id) {
        const latch = this.#latches[id] ?? null;
        if (latch === null || latch.claims > 0)
            return;
        if (latch.incarnation > 0)
            this.#incarnations.set(id, latch.incarnation);
        this.#latches[id] = null;
    }
    /** Forgets every holder, waiter and incarnation. O(latches). */
    reset() {
        for (const latch of this.#latches)
            latch?.reset();
        this.#use.latches = 0;
        this.#incarnations.clear();
    }
    /** The first latch that somebody holds or waits for, or null if all are free. */
    firstInUse() {
        return this.#latches.find((latch) => latch !== null && !latch.isFree) ?? null;
    }
    /** How many there are. O(latches). */
    get count() {
        return this.#latches.reduce((count, latch) => (latch === null ? count : count + 1), 0);
    }
    /** Makes the latch with this id. */
    makeLatch(id) {
        return new Latch(id, this.fairness);
    }
    #make(id) {
        while (this.#latches.length <= id)
            this.#latches.push(null);
        const latch = this.makeLatch(id);
        latch.use = this.#use;
        latch.objectId = this.#objects.objectOf(id);
        latch.incarnation = this.#incarnations.get(id) ?? 0;
        this.#incarnations.delete(id);
        this.#latches[id] = latch;
        return latch;
    }
}
