import { expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { parseScenario, programOf, type Scenario } from "../../src/hunt/index.ts";
import { DepthFirstStrategy, ReductionStrategy, Scheduler } from "../../src/sim/index.ts";
import { budget } from "../campaign.ts";
import { SMALL_SCENARIOS } from "./small-scenarios.ts";

const SCHEDULES_MAX = budget({ short: 2000, campaign: 40_000 });

/** The orders of a scenario by depth-first search, and by reduction; null if there are too many. */
function ordersOf(scenario: Scenario): readonly [number, object] | null {
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario);
  const every = new DepthFirstStrategy();
  const all = new Set<number>();
  for (let schedules = 0; every.beginRun(); schedules++) {
    if (schedules === SCHEDULES_MAX) return null;
    all.add(scheduler.run(program, every).orderHash);
    every.endRun();
  }
  const strategy = new ReductionStrategy();
  const reduced = new Set<number>();
  while (strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    reduced.add(result.orderHash);
  }
  const { runs, asleep } = strategy.counts;
  return [all.size, { orders: reduced.size, runs, asleep }];
}

it.each(PROTOCOLS.map(({ name }) => name))(
  "under %s a reduction finds the orders of small scenarios that depth-first search finds",
  (protocol) => {
    let compared = 0;
    for (const [what, scenario] of SMALL_SCENARIOS) {
      const found = ordersOf({ ...scenario, protocol });
      if (found === null) continue;
      compared++;
      const [orders, reduced] = found;
      expect({ what, ...reduced }).toEqual({ what, orders, runs: orders, asleep: 0 });
    }
    expect(compared).toBeGreaterThan(30);
  },
  600_000,
);

it("one who would read, and waits in line behind a writer, does not go first and read", () => {
  const text = "capacity 2\ntree [10,20][30]\ntask get 20\ntask get 20\ntask insert 15\n";
  const { scenario } = parseScenario(text);
  const found = ordersOf({ ...scenario, protocol: "crabbing" });
  expect(found).toEqual([100, { orders: 100, runs: 100, asleep: 0 }]);
});
