import { expect, it } from "vitest";
import {
  BoundedReductionStrategy,
  DepthFirstStrategy,
  ReductionStrategy,
  type Setup,
  simulate,
} from "../../../src/sim/index.ts";

const one: Setup = (sim) => {
  sim.task("a", function* () {
    yield sim.sleep(0);
  });
};

it.each([-1, 1.5, Number.NaN, undefined, null, "x"])("refuses a bound of %s", (bound) => {
  expect(() => new BoundedReductionStrategy(bound as number)).toThrow(
    /^preemptionsMax: expected a whole number from 0, found [^\n]*$/,
  );
});

it.each([
  [{ visitd: () => undefined }, {}, /^option "visitd" .* did you mean visited\?/],
  [{ visited: 3 }, {}, /^observer: visited: expected a function, found 3$/],
  [null, {}, /^options of an observer of a reduction: expected an object, found null$/],
  [{}, { twin: [] }, /^option "twin" .* did you mean twins\?/],
  [{}, { twins: 1 }, /^twins: expected lists of task ids, .* found 1$/],
  [{}, { twins: [0, 1] }, /^twins: expected lists of task ids, .* found 0$/],
  [{}, { twins: [["a"]] }, /^twins: expected lists of task ids, .* found "a"$/],
  [{}, { twins: [[0], [0]] }, /^twins: expected each task once/],
])("refuses what a reduction cannot use (%#)", (observer, options, message) => {
  expect(() => new ReductionStrategy(observer as never, options as never)).toThrow(message);
});

it.each([
  () => new ReductionStrategy(),
  () => new BoundedReductionStrategy(1),
  () => new DepthFirstStrategy(),
])("refuses a strategy that has explored all of another program (%#)", (make) => {
  const strategy = make();
  expect(simulate(one, { strategy }).coverage[0]?.exhausted).toBe(true);
  expect(() => simulate(one, { strategy })).toThrow(
    /expected a new one, found one that is exhausted/,
  );
});
