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
 * 2. A finding is replayed before anything is made of it, and verified at each step of shrinking;
 *    what is left shows the same bug, and not only the same kind of failure.
 * 3. A replay line names protocol, bug, workload and schedule, and nothing of strategies or seeds.
 * 4. A scenario with a disk may crash; then what it acknowledged must be there after recovery.
 * 5. A scenario in partitions is one database in one simulation: its trees share disk and crashes,
 *    and are judged together.
 *
 * Left out: several tables.
 */
export { type Bug, bugNamed, BUGS } from "./bugs/index.ts";
export {
  type FailingRun,
  HuntBroken,
  type Hunting,
  huntingRandom,
  huntingScenario,
  type HuntOptions,
  huntRandom,
  type HuntResult,
  huntScenario,
  storyOfHunt,
  type StrategyFactory,
} from "./hunt.ts";
export {
  CrashProgram,
  programOf,
  protocolsExported,
  RepeatedProgram,
  type Replayed,
  type ReplayRule,
  replayScenario,
  resolveProtocol,
  scenarioOfBug,
  type ScenarioProgram,
  TreeProgram,
} from "./program/index.ts";
export {
  BadScenario,
  type Durability,
  DURABILITY_DEFAULTS,
  FAULT_KINDS,
  formatOperation,
  formatReplay,
  formatScenario,
  type InitialTree,
  isReplayText,
  type NumberRange,
  operationCount,
  parseReplay,
  parseScenario,
  randomScenario,
  readDurability,
  type Scenario,
  type ScenarioFile,
  type ScenarioOperation,
  type ScenarioShape,
} from "./scenario/index.ts";
export { type ProofPlan, type ProofSetting, provingPlan } from "./proof-plan.ts";
export {
  type Proof,
  type ProofPace,
  prove,
  type ProveOptions,
  proving,
  type Proving,
  type SavedProof,
} from "./prove.ts";
export {
  shrink,
  SHRINK_BUDGET,
  type ShrinkBudget,
  type ShrinkCut,
  type Shrunk,
} from "./shrink/index.ts";
export {
  type Acknowledged,
  type CrashRow,
  type DurableRow,
  formatStory,
  type LatchRow,
  type PlainRow,
  type RecoveryRow,
  type StartRow,
  type Story,
  type StoryCauses,
  type StoryOperation,
  type StoryOutcome,
  type StoryRow,
  type StorySwitch,
  type StoryTextOptions,
  tellStory,
} from "./story/index.ts";
export { type JsonFields, TraceRecorder, traceText } from "./trace/index.ts";
export {
  matrix,
  MATRIX_STRATEGIES,
  type MatrixCell,
  type MatrixNews,
  type MatrixOptions,
  type MatrixPlan,
  matrixPlans,
  type MatrixRow,
} from "./matrix.ts";
export { type HuntHelp, huntingPlan, type HuntPlan, type HuntSetting } from "./plan.ts";
export {
  survey,
  type SurveyNews,
  type SurveyOptions,
  type SurveyPlan,
  surveyPlans,
  type SurveyRow,
} from "./survey.ts";
export { twinsOf } from "./twins.ts";
