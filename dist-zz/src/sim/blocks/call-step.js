import { labelOf } from "../../task/index.js";
import { ValueStep } from "./value-step.js";
/** In place of what the call returned; to wrap that would cost an object for each step. */
const NOT_TAKEN = Symbol("not taken");
/** A step that is always enabled, makes one call when it is taken, and gives what that returned. */
export class CallStep extends ValueStep {
    #call;
    #fact;
    #home;
    #outcome = NOT_TAKEN;
    constructor(objectId, fact, access, call, home = null) {
        super();
        this.#home = home;
        this.#call = call;
        this.#fact = fact;
        this.objectId = objectId;
        this.access = access;
    }
    get home() {
        return this.#home;
    }
    /** Whether the call was made; then {@link result} is what it returned. */
    get isTaken() {
        return this.#outcome !== NOT_TAKEN;
    }
    isEnabled() {
        return true;
    }
    take() {
        this.#outcome = this.#call();
        return true;
    }
    result() {
        if (this.#outcome !== NOT_TAKEN)
            return this.#outcome;
        throw new TypeError(`${labelOf(this.fact())}: the step was not taken`);
    }
    fact() {
        return this.#fact;
    }
}
