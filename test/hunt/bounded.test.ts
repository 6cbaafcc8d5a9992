import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseScenario, programOf, prove, type Scenario } from "../../src/hunt/index.ts";
import { BoundedReductionStrategy, DepthFirstStrategy, Scheduler } from "../../src/sim/index.ts";

const SPLIT = readFileSync("scenarios/smallest_split.txt", "utf8");
const THREE = "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask delete 30\ntask scan\n";
const CRASH = "capacity 2\ntree [10,20]\ncrashes 1\ntask put 15\ntask get 20\n";

const scenarioOf = (text: string, protocol: string): Scenario => ({
  ...parseScenario(text).scenario,
  protocol,
});

// The table of docs/exploration.md, and one with a crash.
it.each([
  ["crabbing", "the smallest split", SPLIT, 1, { all: 68, runs: 66, asleep: 2, orders: 66 }],
  ["crabbing", "the smallest split", SPLIT, 2, { all: 238, runs: 202, asleep: 8, orders: 198 }],
  ["optimistic-crabbing", "it", SPLIT, 2, { all: 950, runs: 738, asleep: 11, orders: 543 }],
  ["optimistic-crabbing", "it", SPLIT, 3, { all: 4608, runs: 2444, asleep: 74, orders: 1242 }],
  ["crabbing", "a delete beside", THREE, 2, { all: 260, runs: 143, asleep: 22, orders: 142 }],
  ["optimistic-crabbing", "it", THREE, 2, { all: 567, runs: 243, asleep: 25, orders: 156 }],
  ["optimistic-crabbing", "it", THREE, 3, { all: 2309, runs: 513, asleep: 58, orders: 197 }],
  ["crabbing", "a crash", CRASH, 2, { all: 229, runs: 140, asleep: 0, orders: 140 }],
])("under %s of %s: the interleavings within a bound (%#)", (protocol, _, text, most, expected) => {
  const scenario = scenarioOf(text, protocol);
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario);
  const every = new DepthFirstStrategy(most);
  const orders = new Set<number>();
  let all = 0;
  for (; every.beginRun(); all++) {
    orders.add(scheduler.run(program, every).orderHash);
    every.endRun();
  }
  const strategy = new BoundedReductionStrategy(most);
  const found = new Set<number>();
  while (strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    if (!result.abandoned) found.add(result.orderHash);
    expect(result.preemptions).toBeLessThanOrEqual(most);
  }
  const { runs, asleep } = strategy.counts;
  expect({ all, runs, asleep, orders: found.size }).toEqual(expected);
  expect(found).toEqual(orders);
});

it("a proof within a bound says how many schedules it took, and how many were given up", () => {
  const options = { runsMax: 10_000, seed: 1, preemptionsMax: 2 };
  const proof = prove(scenarioOf(THREE, "crabbing"), options);
  expect([proof.state, proof.interleavings, proof.counts]).toEqual(["proved", 143, null]);
  expect(proof.result.verdict.abandoned).toBe(22);
});
