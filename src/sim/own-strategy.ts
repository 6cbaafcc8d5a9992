import { disown, inWords, LatchworkError, mustBeThere } from "../task/index.ts";
import type { Coverage, Strategy } from "./strategy.ts";

const METHODS = ["beginRun", "choose", "endRun", "coverage"] as const;

/**
 * Checks the strategies of an exploration, which may be anyone's own.
 *
 * @throws LatchworkError BAD_ARGUMENT in one line.
 */
export function mustBeStrategies(given: readonly Strategy[]): void {
  if (!Array.isArray(given)) {
    disown(given);
    throw bad(`strategies: expected a list, found ${inWords(given)}`);
  }
  if (given.length === 0) throw bad("strategy: expected at least one, found an empty list");
  for (const one of given) mustBeStrategy(one);
}

/**
 * Rejects a strategy that has explored all of some program: of another it would make no run, and
 * say that all of it was.
 *
 * @throws LatchworkError BAD_ARGUMENT in one line.
 */
export function mustHaveRunsLeft(given: readonly Strategy[]): void {
  const spent = given.find((one) => coverageOf(one).exhausted);
  if (spent === undefined) return;
  throw bad(`strategy ${spent.name}: expected a new one, found one that is exhausted already`);
}

/** Prepares a strategy's next run; false if it has nothing left to explore. */
export function begins(strategy: Strategy): boolean {
  const begun: unknown = strategy.beginRun();
  if (typeof begun === "boolean") return begun;
  disown(begun);
  throw bad(
    `strategy ${strategy.name}: beginRun gave ${inWords(begun)}; ` +
      "expected true, or false if nothing is left",
  );
}

/** What a strategy has explored so far. */
export function coverageOf(strategy: Strategy): Coverage {
  const coverage = strategy.coverage();
  mustBeThere(`strategy ${strategy.name}: coverage`, coverage, "expected what is known by now");
  return coverage;
}

function mustBeStrategy(given: unknown): void {
  if (typeof given !== "object" || given === null) {
    throw bad(`strategy: expected a name or a strategy, found ${inWords(given)}`);
  }
  const missing = METHODS.find((method) => typeof Reflect.get(given, method) !== "function");
  if (missing === undefined) return;
  disown(given);
  const hint = "generate" in given ? "; of an arbitrary, give what it draws" : "";
  throw bad(
    `strategy: expected a name or a strategy, found ${inWords(given)} without ${missing}${hint}`,
  );
}

function bad(message: string): LatchworkError {
  return new LatchworkError("BAD_ARGUMENT", message);
}
