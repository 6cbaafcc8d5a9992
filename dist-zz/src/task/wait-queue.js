/** How many places at the front may lie empty before what is left moves up. */
const EMPTY_MAX = 64;
/**
 * Who waits for something, first come first served.
 *
 * An array whose front is left empty when the first goes, so that coming and going cost the same
 * however many wait; `Array.shift` moves all the rest each time once there are many. For latches,
 * gates and the log, which also look through their waiters and remove one out of turn.
 */
export class WaitQueue {
    #places = [];
    #head = 0;
    get length() {
        return this.#places.length - this.#head;
    }
    /** Who is next, or undefined if nobody waits. O(1). */
    get first() {
        return this.#places[this.#head];
    }
    /** Who came last, or undefined if nobody waits. O(1). */
    get last() {
        return this.#places[this.#places.length - 1];
    }
    push(waiter) {
        this.#places.push(waiter);
    }
    /** Puts somebody before everybody else. O(1) if anybody has gone before, else O(waiters). */
    pushFront(waiter) {
        if (this.#head === 0)
            this.#places.unshift(waiter);
        else
            this.#places[--this.#head] = waiter;
    }
    /** Removes the first. O(1), amortised. */
    shift() {
        const first = this.first;
        if (first === undefined)
            return undefined;
        this.#places[this.#head++] = undefined;
        if (this.#head === this.#places.length)
            this.clear();
        else if (this.#head > EMPTY_MAX && this.#head * 2 > this.#places.length) {
            this.#places.splice(0, this.#head);
            this.#head = 0;
        }
        return first;
    }
    /** Removes the first of whom `isIt` holds. O(waiters before and, but for the first, behind). */
    take(isIt) {
        for (let at = this.#head; at < this.#places.length; at++) {
            const waiter = this.#places[at];
            if (waiter === undefined || !isIt(waiter))
                continue;
            if (at === this.#head)
                return this.shift();
            this.#places.splice(at, 1);
            return waiter;
        }
        return undefined;
    }
    /** Puts somebody behind the last of whom `isBefore` holds. O(those whom he overtakes). */
    insertBehind(waiter, isBefore) {
        let at = this.#places.length;
        for (; at > this.#head; at--) {
            const other = this.#places[at - 1];
            if (other === undefined || isBefore(other))
                break;
        }
        if (at === this.#places.length)
            this.#places.push(waiter);
        else
            this.#places.splice(at, 0, waiter);
    }
    /** Who is so far behind the first, or undefined. O(1). */
    at(index) {
        return this.#places[this.#head + index];
    }
    /** The first of whom `isIt` holds. */
    find(isIt) {
        return this.#places.find((waiter) => waiter !== undefined && isIt(waiter));
    }
    /** Whether `isIt` holds of anybody. */
    some(isIt) {
        return this.#places.some((waiter) => waiter !== undefined && isIt(waiter));
    }
    /** Forgets everybody. */
    clear() {
        // Truncating an array costs far more than looking at it, and most are empty.
        if (this.#places.length > 0)
            this.#places.length = 0;
        this.#head = 0;
    }
}
