import { Step } from "../../task/index.ts";
import { betrayAwaiting, type StepHome } from "./awaited.ts";

/**
 * A step of the simulator's own, of which the scheduler sees at every turn whether it is enabled.
 *
 * Nobody has to wake it: how a mutex or a clock wakes those who wait is no part of the programs
 * that are simulated. To be awaited is a mistake that its home is told of.
 */
export abstract class AskedStep extends Step {
  static {
    betrayAwaiting(AskedStep.prototype, (step) => ({ step, home: step.home }));
  }

  /**
   * Told if it is awaited; null for steps that no async function gets hold of. No field, so that
   * steps which share a block's state need none.
   */
  get home(): StepHome | null {
    return null;
  }

  override needsWake(): boolean {
    return false;
  }
}
