/**
 * The hunt: scenarios of a tree, run under a protocol and searched for failures.
 *
 * A scenario is an initial tree and a list of operations for each task. The hunt runs it under
 * strategies of the simulator until a schedule shows a failure, shrinks that to the shortest
 * account, and says in one line how to see it again.
 *
 * What a run did is judged by an oracle (`oracle.ts`, `crash-oracle.ts`): the order in which
 * operations returned explains nearly every right run and is checked in linear time; what it does
 * not explain, the search of the room linearizability decides (`explainer.ts`).
 *
 * Invariants:
 * 1. Between schedules everything is put back in place; no run sees anything of another.
 * 2. A finding is replayed and verified at each step of shrinking, and keeps its kind.
 * 3. A replay line names protocol, bug, workload and schedule, and nothing of strategies or seeds.
 * 4. A scenario with a disk may crash; then what it acknowledged must be there after recovery.
 *
 * Left out: more than one tree.
 */
export { type Bug, bugNamed, BUGS } from "./bugs/index.ts";
export { CrashProgram } from "./crash-program.ts";
export {
  HuntBroken,
  type Hunting,
  huntingRandom,
  huntingScenario,
  huntRandom,
  type HuntOptions,
  type HuntResult,
  huntScenario,
  type StrategyFactory,
} from "./hunt.ts";
export { programOf } from "./program-of.ts";
export { type Replayed, type ReplayRule, replayScenario } from "./replay-scenario.ts";
export { randomScenario, type ScenarioShape } from "./random-scenario.ts";
export { formatReplay, isReplayText, parseReplay } from "./replay-text.ts";
export { RepeatedProgram } from "./repeated-program.ts";
export { resolveProtocol, scenarioOfBug } from "./resolve.ts";
export { readDurability } from "./durability-text.ts";
export {
  type Durability,
  DURABILITY_DEFAULTS,
  FAULT_KINDS,
  type InitialTree,
  type NumberRange,
  operationCount,
  type Scenario,
  type ScenarioOperation,
} from "./scenario.ts";
export { formatOperation } from "./operation-text.ts";
export { formatScenario, parseScenario, type ScenarioFile } from "./scenario-text.ts";
export { shrink, SHRINK_BUDGET, type ShrinkBudget, type Shrunk } from "./shrink.ts";
export { type Story, tellStory } from "./story.ts";
export type {
  Acknowledged,
  CrashRow,
  DurableRow,
  LatchRow,
  RecoveryRow,
  StartRow,
  StoryOperation,
  StoryOutcome,
  StoryRow,
} from "./story-rows.ts";
export { formatStory, type StoryTextOptions } from "./story-text.ts";
export { survey, type SurveyNews, type SurveyOptions, type SurveyRow } from "./survey.ts";
export type { ScenarioProgram } from "./scenario-program.ts";
export { TreeProgram } from "./tree-program.ts";
