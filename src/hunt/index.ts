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
export { CrashProgram } from "./program/crash-program.ts";
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
export { programOf } from "./program/program-of.ts";
export { type Replayed, type ReplayRule, replayScenario } from "./program/replay-scenario.ts";
export { randomScenario, type ScenarioShape } from "./scenario/random-scenario.ts";
export { formatReplay, isReplayText, parseReplay } from "./scenario/replay-text.ts";
export { RepeatedProgram } from "./program/repeated-program.ts";
export { resolveProtocol, scenarioOfBug } from "./program/resolve.ts";
export { readDurability } from "./scenario/durability-text.ts";
export {
  type Durability,
  DURABILITY_DEFAULTS,
  FAULT_KINDS,
  type InitialTree,
  type NumberRange,
  operationCount,
  type Scenario,
  type ScenarioOperation,
} from "./scenario/scenario.ts";
export { formatOperation } from "./scenario/operation-text.ts";
export { formatScenario, parseScenario, type ScenarioFile } from "./scenario/scenario-text.ts";
export { shrink, SHRINK_BUDGET, type ShrinkBudget, type Shrunk } from "./shrink/shrink.ts";
export { type Story, tellStory } from "./story/story.ts";
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
} from "./story/rows.ts";
export { formatStory, type StoryTextOptions } from "./story/story-text.ts";
export { survey, type SurveyNews, type SurveyOptions, type SurveyRow } from "./survey.ts";
export type { ScenarioProgram } from "./program/scenario-program.ts";
export { TreeProgram } from "./program/tree-program.ts";
