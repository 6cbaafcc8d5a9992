import { NO_OBJECT, Step } from "./step.js";
/** For one task at a time: no time passes, and nobody else could wait. */
export const DIRECT_HOST = {
    nowMs: () => 0,
    newObject: () => NO_OBJECT,
    touch: () => undefined,
    sleep: () => new NoStep(),
    pauseIfDue: () => null,
    wake: () => undefined,
    released: () => undefined,
    isTold: false,
    tell: () => undefined,
};
/** A sleep of no time. */
class NoStep extends Step {
    cut() { }
    fact() {
        return { kind: "sleep", durationMs: 0 };
    }
    isEnabled() {
        return true;
    }
    take() {
        return true;
    }
}
