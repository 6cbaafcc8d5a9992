/** A task of one operation: what its code is, subclasses say. */
export class OnceSource {
    name;
    #isStarted = false;
    constructor(name) {
        this.name = name;
    }
    next() {
        if (this.#isStarted)
            return null;
        this.#isStarted = true;
        return this.code();
    }
    /** Makes it a task that has not begun, for the next run. */
    reset() {
        this.#isStarted = false;
    }
    begun() { }
    ended(_value) { }
    describe() {
        return "";
    }
}
