import { Step } from "../../task/index.js";
import { betrayAwaiting } from "./awaited.js";
/**
 * A step of the simulator's own, of which the scheduler sees at every turn whether it is enabled.
 *
 * Nobody has to wake it: how a mutex or a clock wakes those who wait is no part of the programs
 * that are simulated. To await it is a mistake, which is reported to its home.
 */
export class AskedStep extends Step {
    static {
        betrayAwaiting(AskedStep.prototype, (step) => ({ step, home: step.home }));
    }
    /**
     * Notified if it is awaited; null for steps that no async function can have. No field, so that
     * steps which share a block's state need none.
     */
    get home() {
        return null;
    }
    needsWake() {
        return false;
    }
}
