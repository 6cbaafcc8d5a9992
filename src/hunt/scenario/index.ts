/**
 * Scenarios: an initial tree, the operations of each task, and the disk if there is one; as values,
 * as text, as a replay line, and drawn at random.
 *
 * Invariants:
 * 1. A scenario is data: it names protocol and bug, and knows nothing of how they run.
 * 2. What is written is read back as the same scenario, and what is wrong with a text is said with
 *    BAD_SCENARIO, in one line.
 * 3. A replay line names protocol, bug, workload and schedule, and nothing of strategies or seeds.
 * 4. Keys and values are numbers; in a tree they are big-endian bytes, so that they sort alike.
 *
 * Left out: several tables; a tree may be in partitions.
 */
export { BadScenario } from "./bad-scenario.ts";
export { formatDurability, formatSettings, readDurability } from "./durability-text.ts";
export { numberText } from "./number-text.ts";
export { bytesOf, NUMBER_BYTES, numberOf } from "./numbers.ts";
export { formatOperation } from "./operation-text.ts";
export { randomScenario, type ScenarioShape } from "./random-scenario.ts";
export { formatReplay, isReplayText, parseReplay } from "./replay-text.ts";
export { formatScenario, parseScenario, type ScenarioFile } from "./scenario-text.ts";
export {
  type Durability,
  DURABILITY_DEFAULTS,
  FAULT_KINDS,
  type FaultKind,
  type InitialTree,
  needsDisk,
  type NumberRange,
  operationCount,
  type Scenario,
  SCENARIO_DEFAULTS,
  type ScenarioOperation,
  type ScenarioWrite,
} from "./scenario.ts";
