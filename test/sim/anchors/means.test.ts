import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import type { Strategy } from "../../../src/sim/strategy.ts";
import { RandomStrategy, UrwStrategy } from "../../../src/sim/strategies/index.ts";
import { createPrng } from "../../../src/task/index.ts";
import { abBa, type BareProgram, philosophers, reorder, twoStage } from "./bare.ts";
import { budget } from "../../campaign.ts";

const SEEDS = budget({ short: 500, campaign: 4000 });
/** A right simulator fails one of these checks by chance less than once in 10^4. */
const Z_MAX = 4;
/** The published means are rounded to two decimals. */
const ROUNDING = 0.005;

/** Schedules until the first failure, averaged over seeds 0 to SEEDS - 1. */
function meanToFailure(
  program: BareProgram,
  strategyOf: (seed: number) => Strategy,
  dryRuns: number,
  seeds: number = SEEDS,
): number {
  const scheduler = new Scheduler({ releaseSteps: true });
  let schedules = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const strategy = strategyOf(seed);
    const runOnce = (): boolean => {
      strategy.beginRun();
      const result = scheduler.run(program, strategy);
      strategy.endRun(result);
      return result.failed;
    };
    for (let i = 0; i < dryRuns; i++) runOnce();
    do schedules++;
    while (!runOnce());
  }
  return schedules / seeds;
}

/** The wait for a failure of probability p is geometric: mean 1/p, variance (1-p)/p^2. */
function toleranceOf(exact: number, seeds: number = SEEDS): number {
  const deviation = Math.sqrt(exact * (exact - 1)) / Math.sqrt(seeds);
  return Z_MAX * deviation + ROUNDING;
}

const random = (seed: number): Strategy => new RandomStrategy(createPrng(seed));
const urw = (seed: number): Strategy => new UrwStrategy(createPrng(seed));

describe(`mean schedules to failure, ${SEEDS} seeds, |z| < ${Z_MAX}`, () => {
  it.each([
    ["AB-BA", abBa(), 2, 1.75],
    ["philosophers 2", philosophers(2), 2, 1.75],
    ["philosophers 3", philosophers(3), 3, 2.41],
    ["philosophers 4", philosophers(4), 4.36, 3.24],
    ["philosophers 5", philosophers(5), 6.32, 4.35],
    ["philosophers 7", philosophers(7), 13.21, 7.83],
    ["reorder 2+1", reorder(2), 4.05, 3.21],
    ["reorder 3+1", reorder(3), 4.49, 3.68],
    ["reorder 4+1", reorder(4), 5.02, 4.21],
    ["reorder 9+1", reorder(9), 7.89, 6.98],
  ])("%s", (_, program, randomMean, urwMean) => {
    const walked = meanToFailure(program, random, 0);
    // URW's first run only learns the counts, and is no part of the walk.
    const weighted = meanToFailure(program, urw, 1);
    expect(Math.abs(walked - randomMean), `random ${walked}`).toBeLessThan(toleranceOf(randomMean));
    expect(Math.abs(weighted - urwMean), `urw ${weighted}`).toBeLessThan(toleranceOf(urwMean));
  });

  it("twostage 19+1", () => {
    const [randomMean, urwMean] = [75.75, 59];
    const program = twoStage(false, 19);
    // Fewer seeds, for these runs are long.
    const walked = meanToFailure(program, random, 0, 200);
    const weighted = meanToFailure(program, urw, 1, 200);
    expect(Math.abs(walked - randomMean)).toBeLessThan(toleranceOf(randomMean, 200));
    expect(Math.abs(weighted - urwMean)).toBeLessThan(toleranceOf(urwMean, 200));
  });

  // The reader may end after two of its four steps. With its weight the mean of its steps instead of
  // the most, URW needs 14.6 schedules. If the reader comes first, the dry run sees the short way.
  it.each([
    ["writer first", false, 1],
    ["reader first", true, 20],
  ])("twostage 1+1, %s", (_, readerFirst, dryRuns) => {
    const walked = meanToFailure(twoStage(readerFirst), random, 0);
    const weighted = meanToFailure(twoStage(readerFirst), urw, dryRuns);
    expect(Math.abs(walked - 16), `random ${walked}`).toBeLessThan(toleranceOf(16));
    expect(Math.abs(weighted - 10), `urw ${weighted}`).toBeLessThan(toleranceOf(10));
  });
});
