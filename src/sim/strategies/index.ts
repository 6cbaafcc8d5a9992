/**
 * Strategies: who goes on, at every point where more than one task could.
 *
 * Each is one file behind the three methods of `Strategy`: prepare a run, choose, learn how it
 * ended. Which to use when:
 *
 * - `dfs:C` runs every schedule with at most C preemptions, fewest first: the shortest explanation,
 *   and its silence proves something. For two to four tasks and a few dozen steps.
 * - `dpor` runs one schedule of each happens-before order, and lives in a room of its own,
 *   `reduction`. To have it settled, of programs whose tasks share only what is declared.
 *   `dpor:C` does so of those that at most C preemptions lead to.
 * - `pctD` promises to find a bug of D ordering constraints with a probability it states. For many
 *   tasks and long runs.
 * - `urw` makes all interleavings about equally likely. For deadlocks in which many tasks meet.
 * - `surw` does so for the steps on one object at a time, or for those that write. For bugs that
 *   take many tasks, and a few steps of each in one order.
 * - `pos` ranks steps instead of tasks. For races of a task with a long way to go.
 * - `feedback` makes small changes to runs that were unlike any before.
 * - `random` is the base line; `swarm` is its lopsided cousin; `round-robin` is a first look.
 * - `replay` follows a recorded schedule, as it is or loosely, for it was recorded of another
 *   program; `guided` follows one in outline, for smaller programs; `drawn` follows a list of
 *   numbers that fast-check can shrink.
 *
 * Invariants:
 * 1. A strategy draws only from the generator it was given, so a seed repeats all its runs.
 * 2. A choice allocates nothing, but for a loose replay's, of which there is one run.
 * 3. `coverage` claims only what holds for the runs that were made.
 */
export { DepthFirstStrategy } from "./depth-first.ts";
export { DrawnStrategy } from "./drawn.ts";
export { FeedbackStrategy } from "./feedback.ts";
export { GuidedStrategy } from "./guided.ts";
export { IteratedDepthFirstStrategy } from "./iterated-depth-first.ts";
export { parseStrategy, STRATEGY_NAMES } from "./parse-strategy.ts";
export { LooseReplayStrategy } from "./loose-replay.ts";
export { PctStrategy } from "./pct.ts";
export { PosStrategy } from "./pos.ts";
export { DEFAULT_PORTFOLIO, defaultPortfolio } from "./portfolio.ts";
export { RandomStrategy } from "./random.ts";
export { ReplayStrategy } from "./exact-replay.ts";
export { RoundRobinStrategy } from "./round-robin.ts";
export { type Interest, SurwStrategy } from "./surw.ts";
export { SwarmStrategy } from "./swarm.ts";
export { UrwStrategy } from "./urw.ts";
