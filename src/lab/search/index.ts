/**
 * Searches for the lab: hunts, proofs and hints, in slices and as plain data, so that a page can
 * have them carried out by a worker, show how far they are and stop them.
 *
 * Invariants:
 * 1. The search itself is that of the rooms hunt and sim; this room asks for it, and says in words
 *    what came of it.
 * 2. Orders, answers and all that is told between a page and a worker can be cloned.
 * 3. The same order gives the same answer, unless it is stopped.
 * 4. `clean` speaks of the schedules that were run, and `proved` of the scenario.
 *
 * Left out: workers, clocks and rates, which are the page's.
 */
export { carryingOut, type OrderHelp } from "./carry-out.ts";
export { type Hint, HINT_RUNS_MAX, hinting, type HintOrder, nextHint } from "./hint.ts";
export type { FromWorker, ToWorker } from "./messages.ts";
export type {
  Answer,
  Answers,
  AnswerTo,
  FilmOrder,
  HuntOrder,
  Order,
  Pace,
  ProveOrder,
  RunTexts,
  TextsOrder,
} from "./orders.ts";
export type { FoundRun, SearchResult } from "./search-result.ts";
export { traceHash } from "./trace-hash.ts";
export { counted, grouped } from "./words.ts";
