/**
 * The decisions of a run as they are made: a {@link Schedule} that grows.
 *
 * In place of an array, whose truncation before each run would cost more than the run's choices.
 */
export class Decisions {
    #entries = new Int32Array(256);
    length = 0;
    /** Starts a new run. */
    reset() {
        this.length = 0;
    }
    /** Adds a task that takes a step, or `~v` for a value drawn. Amortised O(1). */
    add(decision) {
        if (this.length === this.#entries.length) {
            const larger = new Int32Array(this.length * 2);
            larger.set(this.#entries);
            this.#entries = larger;
        }
        this.#entries[this.length++] = decision;
    }
    /** The decisions so far, copied. */
    toSchedule() {
        return Array.from(this.#entries.subarray(0, this.length));
    }
}
