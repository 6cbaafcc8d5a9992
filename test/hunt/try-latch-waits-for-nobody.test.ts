import { expect, it } from "vitest";
import { huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { parseStrategy } from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";

// A split holds the left leaf and waits for the right one, which the scan holds while it tries the
// left. That is a cycle of wishes and no deadlock: the scan is refused, releases and comes again.
it("backward_scan_is_refused_by_a_split_that_waits_for_it", () => {
  const { scenario } = parseScenario(
    "protocol crabbing\ncapacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  );
  const { verdict } = huntScenario(scenario, {
    seed: 1,
    runsMax: 10_000,
    strategies: (seed) => [parseStrategy("dfs", createPrng(seed))],
  });
  expect(verdict.finding).toBeNull();
  expect(verdict.coverage).toMatchObject([{ exhausted: true, preemptionBound: null }]);
});
