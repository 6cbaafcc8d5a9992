/**
 * Strategies: who goes on, at every point where more than one task could.
 *
 * Each is one file behind the three methods of `Strategy`: prepare a run, choose, learn how it
 * ended. Which to use when:
 *
 * - `dfs:C` runs every schedule with at most C preemptions, fewest first: the shortest explanation,
 *   and the only one whose silence proves something. For two to four tasks and a few dozen steps.
 * - `pctD` promises to find a bug of D ordering constraints with a probability it states. For many
 *   tasks and long runs.
 * - `urw` makes all interleavings about equally likely. For deadlocks in which many tasks meet.
 * - `random` is the base line; `swarm` is its lopsided cousin; `round-robin` is a first look.
 * - `replay` follows a recorded schedule, as it is or loosely, for it was recorded of another
 *   program; `guided` follows one in outline, for smaller programs; `drawn` follows a list of
 *   numbers that fast-check can shrink.
 *
 * Invariants:
 * 1. A strategy draws only from the generator it was given, so a seed repeats all its runs.
 * 2. A choice allocates nothing, but for a loose replay's, of which there is one run.
 * 3. `coverage` claims only what holds for the runs that were made.
 *
 * Left out: partial-order reduction and sampling, which need to know more of each step.
 */
export { DepthFirstStrategy } from "./depth-first.js";
export { DrawnStrategy } from "./drawn.js";
export { GuidedStrategy } from "./guided.js";
export { IteratedDepthFirstStrategy } from "./iterated-depth-first.js";
export { parseStrategy, STRATEGY_NAMES } from "./parse-strategy.js";
export { LooseReplayStrategy } from "./loose-replay.js";
export { PctStrategy } from "./pct.js";
export { DEFAULT_PORTFOLIO, defaultPortfolio } from "./portfolio.js";
export { RandomStrategy } from "./random.js";
export { ReplayStrategy } from "./exact-replay.js";
export { RoundRobinStrategy } from "./round-robin.js";
export { SwarmStrategy } from "./swarm.js";
export { UrwStrategy } from "./urw.js";
