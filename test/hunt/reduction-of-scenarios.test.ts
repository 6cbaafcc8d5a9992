import { expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import {
  formatReplay,
  parseScenario,
  programOf,
  randomScenario,
  type Scenario,
} from "../../src/hunt/index.ts";
import {
  DepthFirstStrategy,
  parseStrategy,
  ReductionStrategy,
  Scheduler,
} from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { budget } from "../campaign.ts";
import { SMALL_SCENARIOS } from "./small-scenarios.ts";

const SCHEDULES_MAX = budget({ short: 500, campaign: 40_000 });

/** The orders of a scenario by depth-first search, and by reduction; null if there are too many. */
function ordersOf(
  scenario: Scenario,
  schedulesMax: number = SCHEDULES_MAX,
): readonly [number, object] | null {
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario);
  const every = new DepthFirstStrategy();
  const all = new Set<number>();
  for (let schedules = 0; every.beginRun(); schedules++) {
    if (schedules === schedulesMax) return null;
    all.add(scheduler.run(program, every).orderHash);
    every.endRun();
  }
  const strategy = new ReductionStrategy();
  const reduced = new Set<number>();
  while (strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    if (!result.abandoned) reduced.add(result.orderHash);
  }
  const { runs, asleep } = strategy.counts;
  return [all.size, { orders: reduced.size, runs, asleep }];
}

/** Whoever waits for a pointer looks again and again, so depth-first search soon has too many. */
const FEWEST = new Map([["lanin-shasha", 8]]);

/** Under olc a read of a page is several steps: depth-first search does not come to an end. */
const SEARCHABLE = PROTOCOLS.map(({ name }) => name).filter((name) => name !== "olc");

it.each(SEARCHABLE)(
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
    expect(compared).toBeGreaterThan(FEWEST.get(protocol) ?? 20);
  },
  600_000,
);

it.each(["random", "surw"])(
  "under olc a reduction finds the orders that %s finds",
  (name) => {
    const every = budget({ short: 14, campaign: 1 });
    const samples = budget({ short: 300, campaign: 5000 });
    const small = SMALL_SCENARIOS.filter(([, { tasks }]) => {
      return tasks.length === 2 && tasks.every(({ length }) => length === 1);
    }).filter((_, i) => i % every === 0);
    for (const [what, scenario] of small) {
      const scheduler = new Scheduler();
      const program = programOf(scheduler, { ...scenario, protocol: "olc" });
      const strategy = new ReductionStrategy();
      const reduced = new Set<number>();
      while (strategy.beginRun()) {
        const result = scheduler.run(program, strategy);
        strategy.endRun(result);
        if (!result.abandoned) reduced.add(result.orderHash);
      }
      expect({ what, runs: strategy.counts.runs }).toEqual({ what, runs: reduced.size });
      const sampler = parseStrategy(name, createPrng(what));
      const missed = new Set<number>();
      for (let i = 0; i < samples && sampler.beginRun(); i++) {
        const result = scheduler.run(program, sampler);
        sampler.endRun(result);
        if (!reduced.has(result.orderHash)) missed.add(result.orderHash);
      }
      expect({ what, missed: missed.size }).toEqual({ what, missed: 0 });
    }
  },
  600_000,
);

// Latches that are taken and given back within one segment were taken to have been held before.
it.each([
  [
    30,
    3,
    "barging",
    "tree [10,25,40][50,55][60]\ntask put 40\ntask scan [,60) limit 4\ntask get 40",
  ],
  [23, 2, "writer-preferring", "tree [10,15,20,35][50,55][60]\ntask put 30\ntask scan"],
  [8, 2, "writer-preferring", "tree [15,40,45,50][55]\ntask put 20\ntask get 30"],
])("all %i orders of %i tasks on %s latches", (orders, _, fairness, text) => {
  const { scenario } = parseScenario(`capacity 4\nfairness ${fairness}\n${text}\n`);
  const found = ordersOf({ ...scenario, protocol: "optimistic-crabbing" }, 10_000);
  expect(found).toEqual([orders, { orders, runs: orders, asleep: 0 }]);
});

it("finds the orders of random scenarios that depth-first search finds", () => {
  const prng = createPrng("reduction of scenarios");
  const protocols = ["crabbing", "optimistic-crabbing", "b-link"];
  const count = budget({ short: 40, campaign: 2000 });
  for (let compared = 0; compared < count;) {
    const protocol = protocols[prng.below(3)] ?? "";
    const scenario = randomScenario({ tasksMax: 3, operationsMax: 1, protocol, bug: null }, prng);
    const found = ordersOf(scenario, budget({ short: 300, campaign: 10_000 }));
    if (found === null) continue;
    compared++;
    const [orders, reduced] = found;
    const replay = formatReplay(scenario, "");
    expect({ replay, ...reduced }).toEqual({ replay, orders, runs: orders, asleep: 0 });
  }
}, 900_000);

it("one who would read, and waits in line behind a writer, does not go first and read", () => {
  const text = "capacity 2\ntree [10,20][30]\ntask get 20\ntask get 20\ntask insert 15\n";
  const { scenario } = parseScenario(text);
  const found = ordersOf({ ...scenario, protocol: "crabbing" }, 10_000);
  expect(found).toEqual([100, { orders: 100, runs: 100, asleep: 0 }]);
});
