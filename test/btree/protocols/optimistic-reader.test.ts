import { describe, expect, it } from "vitest";
import { huntScenario, parseScenario } from "../../../src/hunt/index.ts";
import { defaultPortfolio } from "../../../src/sim/index.ts";
import { OneTree } from "./one-tree.ts";
import { OptimisticReader, TrustsItsEyes } from "./optimistic-reader.ts";

// Splits, merges, a root that grows and one that shrinks, under gets that hold no latch.
const SCENARIOS = [
  "capacity 3\ntree [10,20,30][40]\ntask get 30\ntask insert 15\n",
  "capacity 4\ntree [10,20,30]\ntask get 20\ntask delete 10 then insert 5\n",
  "capacity 2\ntree [10,20]\ntask get 20\ntask insert 15\ntask put 10\n",
  "capacity 2\ntree [10,20][30]\ntask get 30 then get 10\ntask delete 30\ntask insert 35\n",
  "capacity 4\ntree [10,20]\ntask insert 15\ntask insert 15\ntask get 15\n",
];

const TORN = "capacity 4\ntree [10,20]\ntask get 20\ntask insert 5\n";

function hunt(text: string, protocol: OptimisticReader, runsMax: number) {
  const { scenario } = parseScenario(text);
  return huntScenario(
    { ...scenario, protocol: protocol.name },
    { protocols: [protocol], strategies: defaultPortfolio, seed: 1, runsMax },
  );
}

describe("pages read without a latch", () => {
  it.each(SCENARIOS)("give right answers where they are validated: %j", (text) => {
    const protocol = new OptimisticReader();
    const { verdict } = hunt(text, protocol, 2000);
    expect(verdict.finding).toBeNull();
    expect(protocol.restarts).toBeGreaterThan(0);
  });

  // The page has 20 before and after. Only the old count over the new entries is without it.
  it("are seen torn where they are not validated", () => {
    const { verdict } = hunt(TORN, new TrustsItsEyes(), 500);
    expect(verdict.finding?.failure.kind).toBe("not-linearizable");
    expect(hunt(TORN, new OptimisticReader(), 2000).verdict.finding).toBeNull();
  });

  it("cost no step where latches are granted at once", () => {
    const protocol = new OptimisticReader();
    const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 3 });
    for (let key = 0; key < 60; key++) expect(tree.put((key * 37) % 60, key)).toBe(true);
    for (let key = 0; key < 60; key++) expect(tree.get((key * 37) % 60)).toBe(key);
    for (let key = 0; key < 60; key++) expect(tree.delete(key)).toBe(true);
    expect(tree.get(7)).toBeUndefined();
    expect(tree.problems).toEqual([]);
  });
});
