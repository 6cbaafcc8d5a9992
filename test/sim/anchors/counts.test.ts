import { describe, expect, it } from "vitest";
import { Explorer, type Verdict } from "../../../src/sim/explore.ts";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import type { Strategy } from "../../../src/sim/strategy.ts";
import { DepthFirstStrategy } from "../../../src/sim/strategies/index.ts";
import { abBa, type BareProgram, criticalSections, philosophers, stripedSections } from "./bare.ts";
import { budget } from "../../campaign.ts";

/**
 * Counts that are known exactly: a bare start, a blocked request is not enabled, and a release is a
 * step of its own.
 */
function exhaust(program: BareProgram): Verdict & { readonly failures: number } {
  const strategy = new DepthFirstStrategy();
  let failures = 0;
  const counting: Strategy = {
    name: "dfs",
    beginRun: () => strategy.beginRun(),
    choose: (point) => strategy.choose(point),
    endRun: (summary) => {
      if (summary.failed) failures++;
      strategy.endRun();
    },
    coverage: () => strategy.coverage(),
  };
  const explorer = new Explorer(new Scheduler({ releaseSteps: true }));
  const verdict = explorer.explore(program, [counting], { runsMax: 1_000_000, keepGoing: true });
  expect(verdict.coverage[0]?.exhausted).toBe(true);
  return { ...verdict, failures };
}

/** The largest of each are for the campaign. */
const MOST = budget({ short: 2, campaign: 3 });

describe("exact counts", () => {
  // Critical sections cannot overlap, so the interleavings are the C(2n, n) orders of sections.
  it.each([
    [1, 2],
    [2, 6],
    [3, 20],
    [4, 70],
  ])("W3: two tasks, %i sections each, run in %i orders", (rounds, count) => {
    const { runs, distinctOrders, failures } = exhaust(criticalSections(2, rounds));
    expect({ runs, distinctOrders, failures }).toEqual({
      runs: count,
      distinctOrders: count,
      failures: 0,
    });
  });

  const ORDERS: readonly (readonly [rounds: number, orders: number])[] = [
    [1, 2],
    [2, 22],
    [3, 200],
  ];
  it.each(ORDERS.slice(0, MOST))(
    "W1-small: three tasks, %i sections each on two latches, have %i orders",
    (rounds, orders) => {
      expect(exhaust(stripedSections(3, rounds, 2)).distinctOrders).toBe(orders);
    },
  );

  // 2^N - 1: each fork goes to its left or its right neighbour first, but not all to the right.
  const COUNTED: readonly (readonly [n: number, complete: number, dead: number, orders: number])[] =
    [
      [2, 4, 2, 3],
      [3, 162, 6, 7],
      [4, 98_160, 24, 15],
    ];
  it.each(COUNTED.slice(0, MOST))(
    "philosophers %i: %i complete runs, %i deadlocks, %i orders",
    (n, complete, dead, orders) => {
      const { runs, failures, distinctOrders } = exhaust(philosophers(n));
      expect({ complete: runs - failures, failures, distinctOrders }).toEqual({
        complete,
        failures: dead,
        distinctOrders: orders,
      });
    },
  );

  it("AB-BA: two of six interleavings deadlock", () => {
    const { runs, failures } = exhaust(abBa());
    expect({ runs, failures }).toEqual({ runs: 6, failures: 2 });
  });
});
