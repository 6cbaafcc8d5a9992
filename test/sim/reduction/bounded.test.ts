import { expect, it } from "vitest";
import {
  BoundedReductionStrategy,
  DepthFirstStrategy,
  SetupProgram,
} from "../../../src/sim/index.ts";
import { ACCESS_WRITE } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { BareProgram, type BareTask } from "../anchors/bare.ts";
import { explored } from "./explored.ts";
import { randomProgram } from "./random-program.ts";

const PROGRAMS = Number(process.env["REDUCTION_PROGRAMS"] ?? budget({ short: 20, campaign: 800 }));
const SCHEDULES_MAX = Number(
  process.env["REDUCTION_SCHEDULES"] ?? budget({ short: 200, campaign: 1500 }),
);

/** Writes one cell, once. */
const one: BareTask = function* (bare) {
  yield bare.touch(0, ACCESS_WRITE);
};

/** Writes it three times. */
const three: BareTask = function* (bare) {
  for (let i = 0; i < 3; i++) yield bare.touch(0, ACCESS_WRITE);
};

it.each([0, 1, 2, 3])(
  "random programs with at most %i preemptions: every order",
  (most) => {
    let [seed, compared, all, reduced] = [1, 0, 0, 0];
    for (; compared < PROGRAMS; seed++) {
      const options = { releaseSteps: seed % 2 === 0, stepsMax: 200 };
      const program = (): SetupProgram => new SetupProgram(randomProgram(seed));
      const every = explored(program(), new DepthFirstStrategy(most), SCHEDULES_MAX, options);
      if (every === null) continue;
      compared++;
      const strategy = new BoundedReductionStrategy(most);
      const found = explored(program(), strategy, SCHEDULES_MAX, options);
      expect({ seed, orders: found?.orders }).toEqual({ seed, orders: every.orders });
      all += every.runs;
      reduced += (found?.runs ?? 0) + (found?.abandoned ?? 0);
      const { exhausted, preemptionBound } = strategy.coverage();
      expect([exhausted, preemptionBound === null || preemptionBound === most]).toEqual([
        true,
        true,
      ]);
    }
    // Those given up count as well.
    expect(reduced / all).toBeLessThan([1.05, 0.9, 0.6, 0.5][most] ?? 1);
  },
  900_000,
);

it("says that nothing was kept out where the bound is as large as it need be", () => {
  const strategy = new BoundedReductionStrategy(9);
  const found = explored(new BareProgram([one, one]), strategy, 100);
  expect([found?.runs, strategy.coverage().preemptionBound]).toEqual([2, null]);
  const none = new BoundedReductionStrategy(0);
  expect(explored(new BareProgram([three, one]), none, 100)?.runs).toBe(2);
  expect(none.coverage()).toMatchObject({ exhausted: true, preemptionBound: 0 });
});

it("makes no preemption before what nobody else touches", () => {
  const alone: BareTask = function* (bare) {
    for (let cell = 10; cell < 30; cell++) yield bare.touch(cell, ACCESS_WRITE);
    yield bare.touch(0, ACCESS_WRITE);
  };
  const strategy = new BoundedReductionStrategy(1);
  const found = explored(new BareProgram([alone, one]), strategy, 100);
  expect([found?.runs, found?.abandoned]).toEqual([3, 0]);
  expect(explored(new BareProgram([alone, one]), new DepthFirstStrategy(1), 100)?.runs).toBe(22);
});
