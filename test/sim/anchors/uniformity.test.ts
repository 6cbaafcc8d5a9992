import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import type { Strategy } from "../../../src/sim/strategy.ts";
import { RandomStrategy, UrwStrategy } from "../../../src/sim/strategies/index.ts";
import { createPrng } from "../../../src/task/index.ts";
import { shiftToy } from "./bare.ts";

const BITS = 5;
/** C(10, 5): the ways to interleave five shifts with five. */
const OUTCOMES = 252;
const RUNS = 25_200;
/** The 99.5 % point of chi-square with 251 degrees of freedom. */
const CHI_SQUARE_MAX = 313;

function sample(strategy: Strategy): { readonly distinct: number; readonly chiSquare: number } {
  const { program, outcome } = shiftToy(BITS);
  const scheduler = new Scheduler({ releaseSteps: true });
  const runOnce = (): void => {
    strategy.beginRun();
    strategy.endRun(scheduler.run(program, strategy));
  };
  runOnce();
  const seen = new Map<number, number>();
  for (let i = 0; i < RUNS; i++) {
    runOnce();
    seen.set(outcome(), (seen.get(outcome()) ?? 0) + 1);
  }
  const expected = RUNS / OUTCOMES;
  let chiSquare = (OUTCOMES - seen.size) * expected;
  for (const count of seen.values()) chiSquare += (count - expected) ** 2 / expected;
  return { distinct: seen.size, chiSquare };
}

describe("the toy of the SURW paper, 25,200 runs over 252 outcomes", () => {
  it.each([1, 2, 3])("URW is uniform, seed %i", (seed) => {
    const { distinct, chiSquare } = sample(new UrwStrategy(createPrng(`uniform ${seed}`)));
    expect(distinct).toBe(OUTCOMES);
    expect(chiSquare).toBeLessThan(CHI_SQUARE_MAX);
  });

  // Published: 24,498. A test that nothing can fail would show nothing.
  it("the random walk is far from uniform", () => {
    const { chiSquare } = sample(new RandomStrategy(createPrng("uniform")));
    expect(chiSquare).toBeGreaterThan(20_000);
    expect(chiSquare).toBeLessThan(30_000);
  });
});
