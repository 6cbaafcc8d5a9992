import type { Protocol } from "../../btree/index.ts";
import type { Scheduler } from "../../sim/index.ts";
import { resolveProtocol } from "./resolve.ts";
import type { Scenario } from "../scenario/index.ts";
import { CrashProgram } from "./crash-program.ts";
import type { ScenarioProgram } from "./scenario-program.ts";
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
): ScenarioProgram {
  const { protocol, builder, parts } = resolveProtocol(scenario, own);
  const { durability } = scenario;
  if (durability !== undefined) {
    return new CrashProgram(scheduler, scenario, durability, protocol, builder, parts);
  }
  return new TreeProgram(scheduler, scenario, protocol, builder);
}
