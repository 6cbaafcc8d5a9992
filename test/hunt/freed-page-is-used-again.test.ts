import { expect, it } from "vitest";
import { huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { RoundRobinStrategy } from "../../src/sim/index.ts";

// The delete merges the last leaf away and frees its page; the split takes that page at once, while
// it is still marked free. Nobody else was on the way to it, so there is nothing to report.
it.each(["crabbing", "optimistic-crabbing"])("page_freed_by_a_merge_is_split_into: %s", (name) => {
  const { scenario } = parseScenario(
    `protocol ${name}\ncapacity 3\ntree [5,10,15][25,30,35][50][60]\n` +
      "task delete 60 then insert 40 then get 40\n",
  );
  const strategies = (): RoundRobinStrategy[] => [new RoundRobinStrategy()];
  expect(huntScenario(scenario, { seed: 1, runsMax: 1, strategies }).verdict.finding).toBeNull();
});
