/**
 * The simulator: runs tasks one step at a time, in an order that a strategy decides, and finds out
 * what goes wrong.
 *
 * It is generic. It knows tasks, steps and latches, not trees; nothing in the engine imports it. A
 * program is any set of tasks whose every shared access is a step: the engine's own operations, or
 * a user's generators and async functions over the building blocks in `blocks/`. The door for the
 * latter is {@link simulate}.
 *
 * Invariants:
 * 1. A run is determined by its program and its schedule: the list of which task took each step,
 *    and of the values drawn. Replaying a schedule gives the same trace, byte for byte.
 * 2. Only enabled steps are offered. A deadlock is reported at the step that closes its cycle, and
 *    a wakeup that is missing at the step that should have made it.
 * 3. Time passes when no task can go on; it jumps to the first moment at which one can. It also
 *    passes after many steps at one moment, so what waits for time by polling is no livelock.
 * 4. A crash is a decision of the schedule, possible at every step. It is no preemption, and no way
 *    for a run to go on: what runs for ever or waits for ever is found out all the same.
 * 5. A fault of the world that a step throws is the task's to see; whatever else it throws, and
 *    what no task catches, fails the run.
 * 6. A verdict always says how much was explored.
 *
 * The simulated disk in `disk/` says what a crash leaves of files.
 *
 * Left out: weak memory (steps are sequentially consistent), preemption between two steps, and data
 * races as such (only what they lead to).
 *
 * References: Musuvathi et al., "Finding and Reproducing Heisenbugs in Concurrent Programs" (OSDI
 * 2008); Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs"
 * (ASPLOS 2010); Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs" (SPIN
 * 2000), for the order graph.
 */
export {
  Atomic,
  ConditionVariable,
  type BlockHome,
  Mutex,
  ReadWriteLatch,
  Semaphore,
  Shared,
  SleepStep,
  TaskHandle,
  ValueStep,
  type YieldedGuard,
} from "./blocks/index.ts";
export { runAsync } from "./async-driver.ts";
export { type AsyncBody, AsyncContext, type Work } from "./async-context.ts";
export {
  type BugAccess,
  type BugIdentity,
  identityText,
  isSameBug,
  OWN_NAMES,
  type RoleNames,
  showsBug,
  withoutNumbers,
} from "./bug-identity.ts";
export { type CausalSlice, SliceRecorder, stepsInWords } from "./causal-slice.ts";
export type { SeenOption } from "./choice-record.ts";
export { boundsText, coverageText } from "./coverage-text.ts";
export { type OrderCounts, type UnseenOrders, unseenOrders } from "./unseen-orders.ts";
export { CrashSource } from "./crash-source.ts";
export { CLOCK_OBJECT, nameOfOwnObject, OPERATIONS_OBJECT, TASKS_OBJECT } from "./own-objects.ts";
export { OnceSource } from "./once-source.ts";
export type { DecisiveSwitch, Searching, SwitchSearch } from "./decisive-switch.ts";
export { checkDeterminism, compareRuns } from "./determinism.ts";
export { describeBreach } from "./blocked.ts";
export {
  type Choose,
  type DiskFault,
  type DiskSnapshot,
  type FaultOptions,
  type Latency,
  type Queue,
  SECTOR_BYTES,
  SimDisk,
  type SimDiskOptions,
  type Survival,
} from "./disk/index.ts";
export { notAgain, type ShrunkFinding } from "./explain-finding.ts";
export {
  type ExploreOptions,
  Explorer,
  type Finding,
  hiddenFailure,
  type Verdict,
} from "./explore.ts";
export { type CodePlace, lineInStack, shownError } from "./code-places.ts";
export {
  type CycleMember,
  type Failure,
  failureFromError,
  type FailureKind,
  linesOf,
  type NamedFact,
  placeLinesOf,
  titleOf,
} from "./failure.ts";
export {
  checkFootprints,
  type FootprintCheckOptions,
  type FootprintReport,
} from "./footprint-check.ts";
export { findUndeclared, type FindUndeclaredOptions } from "./find-undeclared.ts";
export type { FinalCheck } from "./final-check.ts";
export { BugSearch, type BugSearchLimits, type Identified } from "./identify.ts";
export { SimLatchDriver } from "./latch-driver.ts";
export type { Retelling } from "./retelling.ts";
export { formatSchedule, parseSchedule, type Schedule, taskToken } from "./schedule.ts";
export { type Program, type RunResult, Scheduler, type SchedulerOptions } from "./scheduler.ts";
export {
  type Action,
  type BoundedCounts,
  BoundedReductionStrategy,
  type Draw,
  type Estimate,
  Estimator,
  type Event,
  type GivenUp,
  type Race,
  type ReductionCounts,
  type ReductionObserver,
  type ReductionOptions,
  ReductionStrategy,
  type Refused,
  type SavedSearch,
} from "./reduction/index.ts";
export { type Setup, SetupProgram } from "./setup-program.ts";
export { type FailedRun, failedRunOf, isAlike, type RunUnder } from "./failed-run.ts";
export {
  type BudgetPart,
  type FewestPreemptions,
  findWithFewestPreemptions,
  runsOf,
  searched,
  type ShrinkBudget,
  type ShrunkSchedule,
  shrinkSchedule,
} from "./shrink-schedule.ts";
export { SimHost } from "./sim-host.ts";
export { type DeferredRelease, SimTask, type TaskSource } from "./sim-task.ts";
export {
  replay,
  replayAsync,
  simulate,
  simulateAsync,
  type SimulationVerdict,
} from "./simulate.ts";
export type { RunOptions, SimulateOptions } from "./simulate-options.ts";
export { Simulation, type Start } from "./simulation.ts";
export {
  DEFAULT_PORTFOLIO,
  defaultPortfolio,
  DepthFirstStrategy,
  DrawnStrategy,
  FeedbackStrategy,
  GuidedStrategy,
  type Interest,
  IteratedDepthFirstStrategy,
  LooseReplayStrategy,
  parseStrategy,
  PctStrategy,
  PosStrategy,
  RandomStrategy,
  ReplayStrategy,
  RoundRobinStrategy,
  STRATEGY_NAMES,
  SurwStrategy,
  SwarmStrategy,
  UrwStrategy,
} from "./strategies/index.ts";
export { createPrng, type Fact, labelOf, type Prng, type Task } from "../task/index.ts";
export {
  areIndependent,
  type Segment,
  type SegmentOutcome,
  type Stopped,
  type Touch,
} from "./segment.ts";
export {
  ABANDON,
  type ChoicePoint,
  type Coverage,
  type PendingStep,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "./strategy.ts";
export { switchText } from "./switch-text.ts";
export { type StepOutcome, Trace, type TraceEvent } from "./trace.ts";
