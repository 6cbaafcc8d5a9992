import { expect, it } from "vitest";
import {
  createPrng,
  DepthFirstStrategy,
  Estimator,
  type ReductionObserver,
  ReductionStrategy,
  type SavedSearch,
  Scheduler,
  type Setup,
  SetupProgram,
  simulate,
} from "../../../src/sim/index.ts";
import { budget } from "../../campaign.ts";
import { criticalSections, philosophers, stripedSections } from "../anchors/bare.ts";
import { explored } from "./explored.ts";

const SCHEDULES_MAX = 100_000;

/** Two who write what a third reads, each once. */
const threeAtOne: Setup = (sim) => {
  const x = sim.shared("x", 0);
  for (const name of ["a", "b"]) {
    sim.task(name, function* () {
      yield x.write(1);
    });
  }
  sim.task("c", function* () {
    yield* x.read();
  });
};

it("a search that is interrupted after every run ends with the same count", () => {
  const program = stripedSections(3, 2, 2);
  const scheduler = new Scheduler({ releaseSteps: true });
  let saved: SavedSearch | null = null;
  const seen = new Set<number>();
  let sittings = 0;
  let strategy = new ReductionStrategy();
  while (strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    seen.add(result.orderHash);
    sittings++;
    saved = JSON.parse(JSON.stringify(strategy.save())) as SavedSearch;
    strategy = new ReductionStrategy();
    strategy.resume(saved);
  }
  expect({ sittings, orders: seen.size, ...strategy.counts }).toMatchObject({
    sittings: 22,
    orders: 22,
    runs: 22,
    asleep: 0,
  });
});

it("keeps no more for many runs than for a few", () => {
  const scheduler = new Scheduler({ releaseSteps: true });
  const program = criticalSections(2, 6);
  const strategy = new ReductionStrategy();
  const sizes: number[] = [];
  while (strategy.beginRun()) {
    strategy.endRun(scheduler.run(program, strategy));
    sizes.push(JSON.stringify(strategy.save()).length);
  }
  expect(sizes).toHaveLength(924);
  const [few, all] = [Math.max(...sizes.slice(0, 50)), Math.max(...sizes)];
  expect(all / few).toBeLessThan(1.5);
});

it("holds no more nodes than the longest run has events, nor more at each than tasks", () => {
  const scheduler = new Scheduler({ releaseSteps: true });
  const program = stripedSections(3, budget({ short: 4, campaign: 6 }), 2);
  const strategy = new ReductionStrategy();
  const runsMax = budget({ short: 2212, campaign: 100_000 });
  let [lengthMax, nodesMax, sleepersMax, plannedMax] = [0, 0, 0, 0];
  while (strategy.counts.runs < runsMax && strategy.beginRun()) {
    const { steps } = scheduler.run(program, strategy);
    strategy.endRun(scheduler);
    lengthMax = Math.max(lengthMax, steps);
    const { path } = strategy.save();
    nodesMax = Math.max(nodesMax, path.length);
    for (const { sleepers, planned } of path) {
      sleepersMax = Math.max(sleepersMax, sleepers.length);
      plannedMax = Math.max(plannedMax, sizeOf(planned));
    }
  }
  expect(strategy.counts.runs).toBe(runsMax);
  expect(nodesMax).toBeLessThanOrEqual(lengthMax);
  expect(sleepersMax).toBeLessThanOrEqual(3);
  // A wakeup tree: a few sequences, none longer than a run.
  expect(plannedMax).toBeLessThanOrEqual(3 * lengthMax);
});

/** How many events a wakeup tree has. */
function sizeOf(branches: SavedSearch["path"][number]["planned"]): number {
  return branches.reduce((sum, { branches: below }) => sum + 1 + sizeOf(below), 0);
}

it("as one of the strategies by name, ends a hunt with a proof or a failure", () => {
  const verdict = simulate(threeAtOne, { strategy: "dpor" });
  expect([verdict.runs, verdict.coverage[0]?.exhausted]).toEqual([6, true]);
  const turns = simulate(threeAtOne, { strategy: ["random", "dpor"], runs: 1000 });
  expect(turns.coverage.some(({ exhausted }) => exhausted)).toBe(true);
  const lost: Setup = (sim) => {
    const x = sim.shared("x", 0);
    for (const name of ["a", "b"]) {
      sim.task(name, function* () {
        const value = yield* x.read();
        yield x.write(value + 1);
      });
    }
    return () => x.peek() === 2;
  };
  expect(simulate(lost, { strategy: "dpor" }).finding?.strategy).toBe("dpor");
});

it("an observer sees every decision", () => {
  const told: string[] = [];
  const observer: ReductionObserver = {
    began: (depth) => told.push(`began at ${depth}`),
    visited: (depth, { task }) => told.push(`${depth}: ${task}`),
    raced: ({ first, second }) => told.push(`${first} races ${second}`),
    reversed: (depth, tasks) => told.push(`at ${depth} later ${tasks.join("")}`),
    refused: (depth, why) => told.push(`at ${depth} not, ${why}`),
    slept: (depth, { task }) => told.push(`${depth}: ${task} sleeps`),
    exhausted: () => told.push("all"),
  };
  const strategy = new ReductionStrategy(observer);
  const found = explored(new SetupProgram(threeAtOne), strategy, 10);
  expect(found?.runs).toBe(6);
  expect(told.slice(0, 9)).toEqual([
    "began at 0",
    "0: 0",
    "1: 1",
    "2: 2",
    "0 races 1",
    "at 0 later 1",
    "1 races 2",
    "at 1 later 2",
    "2: 2 sleeps",
  ]);
  expect(told.filter((text) => text.startsWith("began"))).toHaveLength(6);
  expect(told.at(-1)).toBe("all");
});

it("an access that is not declared is noticed, and proves nothing", () => {
  const strategy = new ReductionStrategy();
  const program = new SetupProgram((sim) => {
    const x = sim.shared("x", 0);
    const y = sim.shared("y", 0);
    const seen: string[] = [];
    sim.task("a", function* () {
      yield x.write(1);
      seen.push("a");
    });
    sim.task("b", function* () {
      yield y.write(1);
      if (seen.length === 0) sim.nowMs();
      yield x.write(2);
    });
  });
  explored(program, strategy, 100);
  expect(strategy.counts.strayed).toBeGreaterThan(0);
  expect(strategy.coverage().exhausted).toBe(false);
});

it("a run that is shared out fairly proves nothing", () => {
  const strategy = new ReductionStrategy();
  const program = new SetupProgram((sim) => {
    const done = sim.shared("done", false);
    sim.task("spins", function* () {
      while (!(yield* done.read()));
    });
    sim.task("ends it", function* () {
      yield done.write(true);
    });
  });
  const scheduler = new Scheduler({ stepsMax: 10 });
  for (let i = 0; i < 50 && strategy.beginRun(); i++) {
    strategy.endRun(scheduler.run(program, strategy));
  }
  expect(strategy.counts.hurried).toBeGreaterThan(0);
  expect(strategy.coverage().exhausted).toBe(false);
});

it.each([
  ["W3", criticalSections(2, 5), 252],
  ["W1", stripedSections(3, 3, 2), 200],
  ["philosophers", philosophers(4), 15],
])("the estimate of %s is near", (_, program, orders) => {
  const estimator = new Estimator(createPrng("estimate"));
  const scheduler = new Scheduler({ releaseSteps: true });
  for (let i = 0; i < 2000; i++) {
    estimator.beginRun();
    estimator.endRun(scheduler.run(program, estimator));
  }
  const found = estimator.estimate();
  expect(found?.probes).toBe(2000);
  expect(found?.low).toBeLessThanOrEqual(orders * 1.05);
  expect(found?.high).toBeGreaterThanOrEqual(orders * 0.95);
  expect((found?.orders ?? 0) / orders).toBeGreaterThan(0.8);
  expect((found?.orders ?? 0) / orders).toBeLessThan(1.25);
});

it("the estimate of the schedules is near, too", () => {
  const estimator = new Estimator(createPrng("schedules"));
  const scheduler = new Scheduler({ releaseSteps: true });
  const program = philosophers(3);
  for (let i = 0; i < 4000; i++) {
    estimator.beginRun();
    estimator.endRun(scheduler.run(program, estimator));
  }
  const all = explored(program, new DepthFirstStrategy(), SCHEDULES_MAX, { releaseSteps: true });
  expect((estimator.estimate()?.schedules ?? 0) / (all?.runs ?? 1)).toBeCloseTo(1, 0);
});
