/**
 * Levels: things to try in the lab, in an order that teaches latches to somebody who knows trees.
 *
 * Invariants:
 * 1. A level is judged by a real run, by the judges of every hunt, or by a real proof.
 * 2. What a prediction should have been is read off the run, and is written down nowhere.
 * 3. A run that the visitor was given solves nothing.
 * 4. Par is the least that there is: a search of all schedules that cost no more finds none.
 *
 * Left out: progress and everything that is shown, which are the page's.
 */
export { CHAPTERS, levelNamed, LEVELS } from "./chapters/index.ts";
export { compareCosts, costTo } from "./cost.ts";
export { costText, judge, predictedReel, reachedAt, rightAnswer, scenarioOf } from "./judge.ts";
export type {
  Attempt,
  Chapter,
  Cost,
  FailsGoal,
  Goal,
  HoldsGoal,
  Level,
  Outcome,
  PredictGoal,
  ReachGoal,
  RunAttempt,
  Sight,
  Subject,
} from "./level.ts";
