import type { Scheduler } from "../sim/index.ts";
import { resolveProtocol } from "./resolve.ts";
import type { Scenario } from "./scenario.ts";
import { TreeProgram } from "./tree-program.ts";

/**
 * Makes the program of a scenario.
 *
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function programOf(scheduler: Scheduler, scenario: Scenario): TreeProgram {
  const { protocol, builder } = resolveProtocol(scenario);
  return new TreeProgram(scheduler, scenario, protocol, builder);
}
