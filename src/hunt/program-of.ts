import type { Protocol } from "../btree/index.ts";
import type { Scheduler } from "../sim/index.ts";
import { resolveProtocol } from "./resolve.ts";
import type { Scenario } from "./scenario.ts";
import { TreeProgram } from "./tree-program.ts";

/**
 * Makes the program of a scenario.
 *
 * @param own Protocols of one's own that the scenario may name.
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function programOf(
  scheduler: Scheduler,
  scenario: Scenario,
  own: readonly Protocol[] = [],
): TreeProgram {
  const { protocol, builder } = resolveProtocol(scenario, own);
  return new TreeProgram(scheduler, scenario, protocol, builder);
}
