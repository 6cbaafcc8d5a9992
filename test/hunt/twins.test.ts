import { expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import {
  parseScenario,
  type Proof,
  programOf,
  prove,
  type ProveOptions,
  type Scenario,
  twinsOf,
} from "../../src/hunt/index.ts";
import { ReductionStrategy, Scheduler } from "../../src/sim/index.ts";
import type { TaskId } from "../../src/task/index.ts";
import { budget } from "../campaign.ts";
import { explored, type Explored } from "../sim/reduction/explored.ts";

const RUNS_MAX = 5000;

const scenarioOf = (text: string, protocol: string): Scenario => ({
  ...parseScenario(text).scenario,
  protocol,
});

/** Scenarios with tasks that do the same, on pages of at most two entries. */
const SCENARIOS: readonly (readonly [string, string])[] = [
  ["two who insert the same", "tree [10,20][30]\ntask insert 15\ntask insert 15"],
  ["two who delete the same", "tree [10][30]\ntask delete 10\ntask delete 10"],
  ["two readers and a split", "tree [10,20][30]\ntask get 20\ntask get 20\ntask insert 15"],
  ["two scans and a merge", "tree [10][30]\ntask scan\ntask scan\ntask delete 10"],
  ["two who read twice", "tree [10,20]\ntask get 10 then get 20\ntask get 10 then get 20"],
];
const DURABLE: readonly (readonly [string, string])[] = [
  ["two who insert the same, and a crash", "tree [10,20]\ncrashes 1\ntask put 15\ntask put 15"],
  ["two readers, and a crash", "tree [10]\ncrashes 1\ntask get 10\ntask get 10\ntask put 10"],
];

/** What a reduction finds, with orders told apart up to exchanges of these tasks. */
function found(scenario: Scenario, told: readonly TaskId[][], twins: TaskId[][]): Explored | null {
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario);
  const strategy = new ReductionStrategy({}, { twins });
  const all = explored(program, strategy, RUNS_MAX, scheduler, told);
  if (all === null) return null;
  const { strayed, unlike, hurried } = strategy.counts;
  expect({ strayed, unlike, hurried }).toEqual({ strayed: 0, unlike: 0, hurried: 0 });
  return all;
}

const NAMES = PROTOCOLS.map(({ name }) => name);
const chosen = budget({
  short: NAMES.filter((name) => name === "crabbing"),
  campaign: NAMES,
});

it.each(chosen)(
  "under %s: of orders that differ by an exchange of equal tasks one is run",
  (name) => {
    let compared = 0;
    for (const [what, text] of budget({ short: SCENARIOS, campaign: [...SCENARIOS, ...DURABLE] })) {
      const scenario = scenarioOf(`capacity 2\n${text}\n`, name);
      const twins = twinsOf(scenario);
      expect(twins).toHaveLength(1);
      const all = found(scenario, twins, []);
      if (all === null) continue;
      compared++;
      const once = found(scenario, twins, twins);
      expect({ what, orders: once?.orders }).toEqual({ what, orders: all.orders });
      expect(once?.runs).toBeLessThan(all.runs);
    }
    expect(compared).toBeGreaterThan(2);
  },
  600_000,
);

it.each([
  ["the same keys", "task get 10\ntask get 10", [[0, 1]]],
  ["other keys", "task get 10\ntask get 20", []],
  ["other operations after", "task get 10\ntask get 10 then get 20", []],
  ["the same values", "task put 10=1\ntask put 10=1", [[0, 1]]],
  ["other values", "task put 10=1\ntask put 10=2", []],
  ["values of their own", "task put 10\ntask put 10", [[0, 1]]],
  ["such values that others may have too", "task put 10\ntask put 10\ntask put 20=1001", []],
  [
    "two sets",
    "task scan\ntask get 10\ntask scan\ntask get 10",
    [
      [0, 2],
      [1, 3],
    ],
  ],
])("tasks with %s", (_, tasks, twins) => {
  expect(twinsOf(scenarioOf(`tree [10,20]\n${tasks}\n`, "crabbing"))).toEqual(twins);
});

it("under a protocol of one's own no tasks are taken to be the same", () => {
  const scenario = scenarioOf("tree [10]\ntask get 10\ntask get 10\n", "crabbing");
  const own = PROTOCOLS.filter(({ name }) => name === "crabbing");
  expect(twinsOf(scenario)).toHaveLength(1);
  expect(twinsOf(scenario, own)).toEqual([]);
});

it("a proof counts exchanges of equal tasks once, unless it is told not to", () => {
  const scenario = scenarioOf(
    "capacity 2\ntree [10,20][30]\ntask get 20\ntask get 20\ntask insert 15\n",
    "crabbing",
  );
  const proofWith = (exchanges: boolean): Proof => {
    const options: ProveOptions = { runsMax: 1000, seed: 1, probes: 400, exchanges };
    return prove(scenario, options);
  };
  const [once, all] = [proofWith(true), proofWith(false)];
  expect([once.state, once.interleavings, once.twins]).toEqual(["proved", 53, [[0, 1]]]);
  expect([all.state, all.interleavings, all.twins]).toEqual(["proved", 100, []]);
  expect((once.estimate?.orders ?? 0) / 53).toBeCloseTo(1, 0);
  expect((all.estimate?.orders ?? 0) / 100).toBeCloseTo(1, 0);
});
