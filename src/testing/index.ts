/**
 * Testing: matchers for vitest, over the simulator and the checker.
 *
 *     import "latchwork/vitest";
 *
 *     expect(setup).toHaveNoRaces();
 *     expect(recorder.history()).toBeLinearizable(kvMap());
 *
 * Invariants:
 * 1. A test that shows nothing fails, negated or not: no schedule was run, no operation returned,
 *    the budget of a check ran out.
 * 2. A failure holds all that it takes to see it again: the story of the run and the line that
 *    replays it, or the operations that no order explains.
 *
 * Left out: a test runner of its own; property tests, which are for fast-check (`latchwork/sim`
 * draws its schedules).
 */
import { expect } from "vitest";
import {
  type LinearizabilityMatchers,
  linearizabilityMatchers,
} from "../linearizability/vitest.ts";
import { type RaceMatchers, raceMatchers, type RacesOptions } from "./races.ts";

expect.extend({ ...linearizabilityMatchers, ...raceMatchers });

export {
  type LinearizabilityMatchers,
  linearizabilityMatchers,
  type RaceMatchers,
  raceMatchers,
  type RacesOptions,
};
