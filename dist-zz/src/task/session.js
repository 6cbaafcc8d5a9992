const NO_BYTES = new Uint8Array(0);
/**
 * What one task needs to operate: on one engine after another, on several trees, on whatever comes.
 *
 * It is opaque. Its owner hands it to engines, and reads the value that a get has found. It knows
 * which task it belongs to and nothing of any engine: what one keeps for it, such as latches held
 * and an open change, is that engine's own affair (see {@link SessionStates}).
 *
 * One operation at a time: whoever runs two at once needs two sessions.
 */
export class Session {
    task;
    #value = NO_BYTES;
    #valueLength = 0;
    valueView = new DataView(new ArrayBuffer(0));
    constructor(task) {
        this.task = task;
    }
    /** The bytes of the value found last; they change with the next operation. No allocation. */
    get valueBytes() {
        return this.#value;
    }
    /** How many of {@link valueBytes} are the value. */
    get valueLength() {
        return this.#valueLength;
    }
    /** A copy of the value found last. */
    copyValue() {
        return this.#value.slice(0, this.#valueLength);
    }
    /** Where an engine puts a value of so many bytes that it has found. */
    roomForValue(length) {
        if (length > this.#value.length) {
            this.#value = new Uint8Array(Math.max(length, 2 * this.#value.length));
            this.valueView = new DataView(this.#value.buffer);
        }
        this.#valueLength = length;
        return this.#value;
    }
    /** Forgets the value. */
    reset() {
        this.#valueLength = 0;
    }
}
/** What an engine keeps for each session that has come to it, made when it comes first. */
export class SessionStates {
    #make;
    /** Weak: who drops a session need not notify every engine that has seen it. */
    #states = new WeakMap();
    constructor(make) {
        this.#make = make;
    }
    /** O(1). */
    of(session) {
        const known = this.#states.get(session);
        if (known !== undefined)
            return known;
        const made = this.#make(session);
        this.#states.set(session, made);
        return made;
    }
}
