import { expect, it } from "vitest";
import { huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { parseStrategy } from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";

// The delete merges a leaf, its parent and its grandparent. The leaf's right neighbour lies inside
// the parent's right sibling, which ends before the grandparent's right sibling begins, so the
// neighbour has to be latched before that uncle, not at the end of the operation.
it.each(["crabbing", "optimistic-crabbing"])(
  "merge_of_three_levels_latches_from_left_to_right: %s",
  (name) => {
    const { scenario } = parseScenario(
      `protocol ${name}\ncapacity 2\ntree [5,15][20,40][45][50,55]\n` +
        "task insert 10 then delete 15\ntask scan\n",
    );
    const { verdict } = huntScenario(scenario, {
      seed: 1,
      runsMax: 10_000,
      strategies: (seed) => [parseStrategy("dfs:2", createPrng(seed))],
    });
    expect(verdict.finding).toBeNull();
    expect(verdict.coverage).toMatchObject([{ exhausted: true }]);
  },
);
