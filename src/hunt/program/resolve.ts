import { type Protocol, protocolNamed, PROTOCOLS, TreeMutex } from "../../btree/index.ts";
import type { EngineParts, PartitionParts } from "../../engine/index.ts";
import { LatchworkError } from "../../task/index.ts";
import { type Bug, bugNamed } from "../bugs/index.ts";
import { parseScenario, type Scenario } from "../scenario/index.ts";
import { mustBeProtocol } from "./own-protocol.ts";

/** The protocol that a scenario runs, and the right one that builds its tree. */
export interface Resolved {
  readonly protocol: Protocol;
  readonly builder: Protocol;
  /** What a bug changes in the engine; nothing for one of the tree only. */
  readonly parts: Partial<EngineParts & PartitionParts>;
}

/**
 * Finds what a scenario names.
 *
 * @param own Protocols of one's own; their initial trees are built under the tree mutex.
 * @throws LatchworkError UNKNOWN_NAME for a protocol or bug that there is not, BAD_SCENARIO for a
 *   bug that is one of another protocol, or for an own protocol with a name that is taken.
 */
export function resolveProtocol(scenario: Scenario, own: readonly Protocol[] = []): Resolved {
  for (const protocol of own) mustBeProtocol(protocol);
  const taken = own.find(({ name }) => PROTOCOLS.some((known) => known.name === name));
  if (taken !== undefined) {
    throw new LatchworkError(
      "BAD_SCENARIO",
      `a protocol of one's own is named ${taken.name}, which is taken; expected a new name`,
    );
  }
  const named = own.find(({ name }) => name === scenario.protocol);
  if (named !== undefined && scenario.bug === null) {
    return { protocol: named, builder: new TreeMutex(), parts: {} };
  }
  const builder = named ?? protocolNamed(scenario.protocol);
  if (scenario.bug === null) return { protocol: builder, builder, parts: {} };
  const bug = bugNamed(scenario.bug);
  if (bug.protocol !== scenario.protocol) {
    throw new LatchworkError(
      "BAD_SCENARIO",
      `bug ${bug.id} is one of protocol ${bug.protocol}, not of ${scenario.protocol}`,
    );
  }
  if (bug.parts !== undefined && scenario.durability === undefined) {
    throw new LatchworkError(
      "BAD_SCENARIO",
      `bug ${bug.id} is in the engine, and this tree is in memory; expected the line crashes 1, ` +
        "or --crashes",
    );
  }
  return { protocol: bug.make(), builder, parts: bug.parts?.() ?? {} };
}

/** The smallest scenario of a bug, with its `protocol` and `bug` filled in. */
export function scenarioOfBug(bug: Bug): Scenario {
  const { scenario } = parseScenario(bug.scenario);
  return { ...scenario, protocol: bug.protocol, bug: bug.id };
}
