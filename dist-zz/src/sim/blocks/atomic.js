import { ACCESS_READ, ACCESS_WRITE, disown, yetToRun, mustBeValue, } from "../../task/index.js";
import { callOutWith } from "../call-out.js";
import { CallStep } from "./call-step.js";
import { valueText } from "./value-text.js";
/**
 * A variable with atomic read-modify-write: each method is one step, which no other task can split.
 * `update`, `exchange` and `add` give the value from before, as `Atomics` does.
 */
export class Atomic {
    name;
    #home;
    #objectId;
    #value;
    constructor(home, name, initial) {
        this.name = name;
        this.#home = home;
        this.#objectId = home.nameObject(name);
        this.#value = initial;
    }
    /** Reads the value. */
    load() {
        return this.#step("load", ACCESS_READ, () => this.#value);
    }
    /** Writes the value. */
    store(value) {
        if (typeof value === "object")
            mustBeValue(`store of ${this.name}`, value);
        return this.#step("store", ACCESS_WRITE, () => {
            this.#value = value;
        });
    }
    /**
     * Replaces the value by what `change` makes of it; gives the old one. `change` must be pure, and
     * is called when the step is taken: a promise or a generator that it gives fails the run.
     */
    update(change) {
        return this.#step("update", ACCESS_WRITE, () => {
            const before = this.#value;
            const next = callOutWith(change, before);
            if (typeof next === "object")
                this.#mustBeThere(next);
            this.#value = next;
            return before;
        });
    }
    /** Writes a value; gives the old one. */
    exchange(value) {
        if (typeof value === "object")
            mustBeValue(`exchange of ${this.name}`, value);
        return this.#step("exchange", ACCESS_WRITE, () => {
            const before = this.#value;
            this.#value = value;
            return before;
        });
    }
    /** Writes `next` if the value is `expected` (by `Object.is`), and says whether it was. */
    compareAndSet(expected, next) {
        if (typeof next === "object")
            mustBeValue(`compare and set of ${this.name}`, next);
        return this.#step("compare and set", ACCESS_WRITE, () => {
            const isSame = Object.is(this.#value, expected);
            if (isSame)
                this.#value = next;
            return isSame;
        });
    }
    /** Adds to a number; gives the old one. */
    add(amount) {
        return this.update((value) => value + amount);
    }
    /** Looks without a step, for final checks and messages; in a task it would hide a race. */
    peek() {
        return this.#value;
    }
    #mustBeThere(next) {
        mustBeValue(`update of ${this.name}`, next);
        const kind = yetToRun(next);
        if (kind === null)
            return;
        disown(next);
        const message = `update of ${this.name}: its function gives ${kind}, expected the value itself`;
        throw new TypeError(message);
    }
    #step(how, access, act) {
        return new AtomicStep(this, how, this.#objectId, access, act, this.#home);
    }
}
/** What a step that knows its own fact hands to those that do not. */
const OWN_FACT = { kind: "custom", label: "step" };
class AtomicStep extends CallStep {
    #atomic;
    #how;
    #before;
    constructor(atomic, how, objectId, access, act, home) {
        super(objectId, OWN_FACT, access, act, home);
        this.#atomic = atomic;
        this.#how = how;
        this.#before = atomic.peek();
    }
    take() {
        this.#before = this.#atomic.peek();
        return super.take();
    }
    fact() {
        const how = this.#how;
        const value = valueText(this.#atomic.peek());
        if (how === "load")
            return { kind: "value-read", how, value };
        if (how === "store")
            return { kind: "value-write", how, value };
        return { kind: "value-change", how, before: valueText(this.#before), after: value };
    }
}
