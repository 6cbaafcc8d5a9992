/**
 * Films: one run of a scenario, step by step, as plain data. Whoever draws a run, plays it or
 * branches from it works on its film, which may have been made in another thread.
 *
 * Invariants:
 * 1. The engine, the simulator and the judges of a film are those of every hunt.
 * 2. Scenario and script determine the film; the schedule that it gives back, followed exactly,
 *    gives the same film.
 * 3. A film that ends before its run is judged by nobody: it has no failure unless one has
 *    happened.
 *
 * Left out: pictures of the tree, which the next room makes of the trace lines.
 */
export {
  Director,
  type FilmScript,
  type GoOn,
  GO_ON_STRATEGIES,
  type GoOnStrategy,
} from "./director.ts";
export type { Deed, Draw, Film, FilmFailure, FilmTask, Intent, Stop, TaskRole } from "./film.ts";
export { film } from "./film-maker.ts";
export { isPreempting } from "./preemption.ts";
