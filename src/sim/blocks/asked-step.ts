import { Step } from "../../task/index.ts";

/**
 * A step of the simulator's own, of which the scheduler sees at every turn whether it is enabled.
 *
 * Nobody has to wake it: how a mutex or a clock wakes those who wait is no part of the programs
 * that are simulated.
 */
export abstract class AskedStep extends Step {
  override needsWake(): boolean {
    return false;
  }
}
