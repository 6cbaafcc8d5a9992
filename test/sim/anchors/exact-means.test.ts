import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import { DepthFirstStrategy } from "../../../src/sim/strategies/index.ts";
import type { ChoicePoint } from "../../../src/sim/strategy.ts";
import { type BareProgram, reorder, twoStage } from "./bare.ts";
import { reorderMean, twoStageMean, type Weighing } from "./exact-means.ts";

/** Of the published figures, which have so many digits. */
const DIGITS = 1;

describe("the exact mean number of schedules to the first failure", () => {
  it.each([
    [1, 16, 10],
    [19, 75.75, 59],
    [49, 182.1, 144.3],
    [99, 359.5, 286.6],
  ])("twostage, %i writers and one reader: random %f, urw %f", (writers, random, urw) => {
    expect(twoStageMean(writers, "random")).toBeCloseTo(random, DIGITS);
    expect(twoStageMean(writers, "urw")).toBeCloseTo(urw, DIGITS);
  });

  it.each([
    [2, 4.05, 3.21],
    [3, 4.49, 3.68],
    [4, 5.02, 4.21],
    [9, 7.89, 6.98],
    [49, 30.15, 28.59],
    [99, 56.95, 54.87],
  ])("reorder, %i setters and a checker that reads twice: random %f, urw %f", (n, random, urw) => {
    expect(reorderMean(n, "random")).toBeCloseTo(random, DIGITS + 1);
    expect(reorderMean(n, "urw")).toBeCloseTo(urw, DIGITS + 1);
  });
});

/** The chance that a strategy takes an option, given how many steps a task takes in all. */
function shareOf(point: ChoicePoint, option: number, steps: number, weighing: Weighing): number {
  const weightOf = (i: number): number =>
    weighing === "random" ? 1 : steps - point.stepsTaken(point.taskAt(i));
  let total = 0;
  for (let i = 0; i < point.count; i++) total += weightOf(i);
  return weightOf(option) / total;
}

/** Runs every schedule there is, and adds up the chances of those that fail. */
function enumeratedMean(program: BareProgram, steps: number, weighing: Weighing): number {
  const strategy = new DepthFirstStrategy();
  const scheduler = new Scheduler({ releaseSteps: true });
  let failing = 0;
  let all = 0;
  while (strategy.beginRun()) {
    let chance = 1;
    const result = scheduler.run(program, {
      name: "dfs",
      beginRun: () => true,
      choose: (point) => {
        const option = strategy.choose(point);
        chance *= shareOf(point, option, steps, weighing);
        return option;
      },
      endRun: () => {},
      coverage: () => strategy.coverage(),
    });
    strategy.endRun();
    all += chance;
    if (result.failed) failing += chance;
  }
  expect(all).toBeCloseTo(1, 9);
  return 1 / failing;
}

describe("the same of every schedule that the simulator runs", () => {
  it.each<[string, BareProgram, number, (weighing: Weighing) => number]>([
    ["twostage 1+1", twoStage(false), 4, (weighing) => twoStageMean(1, weighing)],
    ["twostage 1+1, reader first", twoStage(true), 4, (weighing) => twoStageMean(1, weighing)],
    ["twostage 2+1", twoStage(false, 2), 4, (weighing) => twoStageMean(2, weighing)],
    ["reorder 2+1", reorder(2), 2, (weighing) => reorderMean(2, weighing)],
    ["reorder 3+1", reorder(3), 2, (weighing) => reorderMean(3, weighing)],
  ])("%s", (_, program, steps, meanOf) => {
    for (const weighing of ["random", "urw"] as const) {
      expect(enumeratedMean(program, steps, weighing)).toBeCloseTo(meanOf(weighing), 9);
    }
  });
});
