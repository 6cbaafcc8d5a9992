import { type Protocol, protocolNamed } from "../btree/index.ts";
import { LatchworkError } from "../task/index.ts";
import { type Bug, bugNamed } from "./bugs/index.ts";
import type { Scenario } from "./scenario.ts";
import { parseScenario } from "./scenario-text.ts";

/** The protocol that a scenario runs, and the right one that builds its tree. */
export interface Resolved {
  readonly protocol: Protocol;
  readonly builder: Protocol;
}

/**
 * Finds what a scenario names.
 *
 * @throws LatchworkError UNKNOWN_NAME for a protocol or bug that there is not, BAD_SCENARIO for a
 *   bug that is one of another protocol.
 */
export function resolveProtocol(scenario: Scenario): Resolved {
  const builder = protocolNamed(scenario.protocol);
  if (scenario.bug === null) return { protocol: builder, builder };
  const bug = bugNamed(scenario.bug);
  if (bug.protocol !== scenario.protocol) {
    throw new LatchworkError(
      "BAD_SCENARIO",
      `bug ${bug.id} is one of protocol ${bug.protocol}, not of ${scenario.protocol}`,
    );
  }
  return { protocol: bug.make(), builder };
}

/** The smallest scenario of a bug, with its `protocol` and `bug` filled in. */
export function scenarioOfBug(bug: Bug): Scenario {
  const { scenario } = parseScenario(bug.scenario);
  return { ...scenario, protocol: bug.protocol, bug: bug.id };
}
