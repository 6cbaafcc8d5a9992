import { ACCESS_READ, ACCESS_WRITE, mustBeValue } from "../../task/index.js";
import { AskedStep } from "./asked-step.js";
import { ValueStep } from "./value-step.js";
import { valueText } from "./value-text.js";
/**
 * A variable that tasks share: each read and each write is a step, so that another task can come
 * between them. `x.write((yield* x.read()) + 1)` is the classic lost update.
 */
export class Shared {
    name;
    #cell;
    #read;
    constructor(home, name, initial) {
        this.name = name;
        this.#cell = { objectId: home.nameObject(name), home, value: initial };
        this.#read = new ReadStep(this.#cell);
    }
    /** Reads the value: `const v = yield* x.read()`. */
    read() {
        return this.#read;
    }
    /** Writes the value: `yield x.write(v)`. Nothing is written until the step is yielded. */
    write(value) {
        if (typeof value === "object")
            mustBeValue(`write of ${this.name}`, value);
        return new WriteStep(this.#cell, value);
    }
    /** Looks without a step, for final checks and messages; in a task it would hide a race. */
    peek() {
        return this.#cell.value;
    }
}
class ReadStep extends ValueStep {
    #cell;
    constructor(cell) {
        super();
        this.#cell = cell;
        this.objectId = cell.objectId;
        this.access = ACCESS_READ;
    }
    get home() {
        return this.#cell.home;
    }
    isEnabled() {
        return true;
    }
    take() {
        return true;
    }
    result() {
        // Nobody else runs between the step and the task's resumption, so this is the value it read.
        return this.#cell.value;
    }
    fact() {
        return { kind: "value-read", how: "read", value: valueText(this.#cell.value) };
    }
}
class WriteStep extends AskedStep {
    #cell;
    #value;
    constructor(cell, value) {
        super();
        this.#cell = cell;
        this.#value = value;
        this.objectId = cell.objectId;
        this.access = ACCESS_WRITE;
    }
    get home() {
        return this.#cell.home;
    }
    isEnabled() {
        return true;
    }
    take() {
        this.#cell.value = this.#value;
        return true;
    }
    fact() {
        return { kind: "value-write", how: "write", value: valueText(this.#value) };
    }
}
