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
export { Atomic, ConditionVariable, Mutex, ReadWriteLatch, Semaphore, Shared, SleepStep, TaskHandle, ValueStep, } from "./blocks/index.js";
export { runAsync } from "./async-driver.js";
export { AsyncContext } from "./async-context.js";
export { boundsText, coverageText } from "./coverage-text.js";
export { CrashSource } from "./crash-source.js";
export { CLOCK_OBJECT, nameOfOwnObject, OPERATIONS_OBJECT, TASKS_OBJECT } from "./own-objects.js";
export { OnceSource } from "./once-source.js";
export { checkDeterminism, compareRuns } from "./determinism.js";
export { describeBreach } from "./blocked.js";
export { SECTOR_BYTES, SimDisk, } from "./disk/index.js";
export { Explorer, hiddenFailure, } from "./explore.js";
export { failureFromError, linesOf, placeLinesOf, titleOf, } from "./failure.js";
export { checkFootprints, } from "./footprint-check.js";
export { findUndeclared } from "./find-undeclared.js";
export { SimLatchDriver } from "./latch-driver.js";
export { formatSchedule, parseSchedule, taskToken } from "./schedule.js";
export { Scheduler } from "./scheduler.js";
export { SetupProgram } from "./setup-program.js";
export { findWithFewestPreemptions, runsOf, shrinkSchedule, } from "./shrink-schedule.js";
export { SimHost } from "./sim-host.js";
export { SimTask } from "./sim-task.js";
export { replay, replayAsync, simulate, simulateAsync, } from "./simulate.js";
export { Simulation } from "./simulation.js";
export { DEFAULT_PORTFOLIO, defaultPortfolio, DepthFirstStrategy, DrawnStrategy, GuidedStrategy, IteratedDepthFirstStrategy, LooseReplayStrategy, parseStrategy, PctStrategy, RandomStrategy, ReplayStrategy, RoundRobinStrategy, STRATEGY_NAMES, SwarmStrategy, UrwStrategy, } from "./strategies/index.js";
export { createPrng, labelOf } from "../task/index.js";
export { areIndependent } from "./segment.js";
export { ABANDON, sampledCoverage, } from "./strategy.js";
export { Trace } from "./trace.js";
