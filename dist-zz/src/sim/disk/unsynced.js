/**
 * What was written to one place since it was last made durable, oldest first. After a crash the
 * place has the durable state or any of these.
 *
 * A sync that failed marks what it should have written as clean, so that later syncs do not write
 * it either (the behaviour that "fsyncgate" of 2018 made known); only a newer version can.
 */
export class Unsynced {
    #versions;
    /** So many of the oldest are marked clean, though they were not written for certain. */
    #skipped;
    constructor(versions = [], skipped = 0) {
        this.#versions = versions;
        this.#skipped = skipped;
    }
    get versions() {
        return this.#versions;
    }
    /** The version that the next sync makes durable, if it succeeds; null if there is none. */
    get pending() {
        return this.#skipped === this.#versions.length ? null : (this.#versions.at(-1) ?? null);
    }
    add(order, value) {
        this.#versions = [...this.#versions, { order, value }];
    }
    /** The version that a sync that succeeds makes durable; null if all are marked clean. */
    sync() {
        const last = this.pending;
        if (last === null)
            return null;
        this.#versions = [];
        this.#skipped = 0;
        return last;
    }
    failSync() {
        this.#skipped = this.#versions.length;
    }
    copy() {
        return new Unsynced(this.#versions, this.#skipped);
    }
}
