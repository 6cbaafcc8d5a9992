import { AskedStep } from "./asked-step.js";
/** A step that gives the task a value: `const v = yield* shared.read()`. */
export class ValueStep extends AskedStep {
    *[Symbol.iterator]() {
        yield this;
        return this.result();
    }
}
