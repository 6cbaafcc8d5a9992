import {
  replay,
  replayAsync,
  type Setup,
  simulate,
  simulateAsync,
  type SimulateOptions,
  type SimulationVerdict,
} from "../sim/index.ts";
import { LatchworkError } from "../task/index.ts";
import { cleanText, foundText } from "./races-text.ts";

/** How a program is explored for races; as for `simulate`. */
export interface RacesOptions extends SimulateOptions {
  /**
   * Whether tasks are async functions: then the assertion is a promise, and has to be awaited. A
   * program with such tasks is recognized, so this is for the compiler and for readers.
   */
  readonly async?: boolean;
}

/**
 * Makes vitest know `toHaveNoRaces`:
 *
 *     import "latchwork/vitest";
 *
 *     expect((sim) => {
 *       const total = sim.shared("total", 0);
 *       ...
 *     }).toHaveNoRaces({ runs: 5000 });
 *
 * The function is a setup as `simulate` takes it. It fails if a schedule is found under which the
 * program fails: a deadlock, a final check or a task that throws, and whatever else `simulate`
 * finds. The message has the story of that run, made shorter, and the line that replays it, and
 * says how much was explored. A clean result is no proof, unless the strategy was
 * exhaustive; see docs/simulator.md.
 */
export interface RaceMatchers {
  toHaveNoRaces(options: RacesOptions & { readonly async: true }): Promise<void>;
  toHaveNoRaces(options?: RacesOptions): void;
}

declare module "vitest" {
  interface Matchers<T> extends RaceMatchers {}
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matcher, as vitest takes it; also for `expect.extend` of a runner that follows it. */
export const raceMatchers = {
  toHaveNoRaces(
    this: { readonly isNot: boolean },
    setup: Setup,
    options: RacesOptions = {},
  ): Outcome | Promise<Outcome> {
    const { isNot } = this;
    const { async: isAsync = false, ...exploring } = options;
    const outcome = isAsync ? null : outcomeOf(setup, exploring, isNot);
    return outcome ?? outcomeOfAsync(setup, exploring, isNot);
  },
};

/** Runs of the search for a shorter story, once something was found. */
const SHRINK_RUNS_MAX = 2000;

/** Null if the program has to be run with promises. */
function outcomeOf(setup: Setup, options: SimulateOptions, isNot: boolean): Outcome | null {
  try {
    // A test that expects races asks for no message, and so for no shorter schedule.
    const shrink = isNot ? false : SHRINK_RUNS_MAX;
    const verdict = simulate(setup, { shrink, ...options });
    if (verdict.finding?.failure.code === "NEEDS_ASYNC") return null;
    if (verdict.finding === null) return clean(verdict, isNot);
    const message = (): string => {
      const told = replay(setup, verdict.schedule ?? "", options);
      return foundText({ verdict, told, call: "replay", options });
    };
    return { pass: false, message };
  } catch (error) {
    if (error instanceof LatchworkError && error.code === "NEEDS_ASYNC") return null;
    throw error;
  }
}

async function outcomeOfAsync(
  setup: Setup,
  options: SimulateOptions,
  isNot: boolean,
): Promise<Outcome> {
  const verdict = await simulateAsync(setup, options);
  if (verdict.schedule === null) return clean(verdict, isNot);
  const told = await replayAsync(setup, verdict.schedule, options);
  const text = foundText({ verdict, told, call: "replayAsync", options });
  return { pass: false, message: () => text };
}

/** No race was found; if nothing was run, that is a failure too. */
function clean(verdict: SimulationVerdict, isNot: boolean): Outcome {
  if (verdict.runs > 0) return { pass: true, message: () => cleanText(verdict) };
  return { pass: isNot, message: () => "nothing was explored: not one schedule was run" };
}
