import { expect, it } from "vitest";
import {
  createPrng,
  DepthFirstStrategy,
  Estimator,
  type Program,
  ReductionStrategy,
  Scheduler,
  type Setup,
  SetupProgram,
} from "../../../src/sim/index.ts";
import { taskId } from "../../../src/task/index.ts";
import { criticalSections, stripedSections } from "../anchors/bare.ts";
import { budget } from "../../campaign.ts";
import { explored } from "./explored.ts";
import { randomTwins } from "./random-program.ts";

const PROGRAMS = Number(process.env["REDUCTION_PROGRAMS"] ?? budget({ short: 15, campaign: 1000 }));
const SCHEDULES_MAX = Number(
  process.env["REDUCTION_SCHEDULES"] ?? budget({ short: 120, campaign: 2000 }),
);

it("of random programs with twins: finds each order but for exchanges, with its failure", () => {
  let [seed, compared] = [1, 0];
  for (; compared < PROGRAMS; seed++) {
    const { setup, twins } = randomTwins(seed);
    const options = { releaseSteps: seed % 2 === 0, stepsMax: 200 };
    const program = (): SetupProgram => new SetupProgram(setup);
    const all = explored(program(), new DepthFirstStrategy(), SCHEDULES_MAX, options, [twins]);
    if (all === null) continue;
    compared++;
    const strategy = new ReductionStrategy({}, { twins: [twins.map((id) => taskId(id))] });
    const reduced = explored(program(), strategy, SCHEDULES_MAX, options, [twins]);
    expect({ seed, orders: reduced?.orders }).toEqual({ seed, orders: all.orders });
    const { strayed, unlike, hurried, asleep } = strategy.counts;
    // Twins that draw different values are no longer each other's like, and may come both ways.
    const repeated = reduced?.repeated.filter((order) => !order.includes("="));
    expect({ seed, repeated, strayed, unlike, hurried, asleep }).toEqual({
      seed,
      repeated: [],
      strayed: 0,
      unlike: 0,
      hurried: 0,
      asleep: 0,
    });
  }
}, 3_600_000);

/** How many runs a program has with these twins; each order must be another, even exchanged. */
function count(program: Program, twins: readonly (readonly number[])[]): number {
  const strategy = new ReductionStrategy({}, { twins: twins.map((set) => set.map(taskId)) });
  const found = explored(program, strategy, 10_000, { releaseSteps: true }, twins);
  expect({ repeated: found?.repeated, abandoned: found?.abandoned }).toEqual({
    repeated: [],
    abandoned: 0,
  });
  expect(strategy.coverage().exhausted).toBe(true);
  return found?.runs ?? 0;
}

/** As many readers of one variable as said, and one who writes it. */
const readers =
  (readerCount: number): Setup =>
  (sim) => {
    const x = sim.shared("x", 0);
    for (let i = 0; i < readerCount; i++) {
      sim.task(`reads ${i}`, function* () {
        yield* x.read();
      });
    }
    sim.task("writes", function* () {
      yield x.write(1);
    });
  };

/** Those who read two variables, and one who writes them, in the same order. */
const pairs =
  (readerCount: number): Setup =>
  (sim) => {
    const [x, y] = [sim.shared("x", 0), sim.shared("y", 0)];
    for (let i = 0; i < readerCount; i++) {
      sim.task(`reads ${i}`, function* () {
        yield* x.read();
        yield* y.read();
      });
    }
    sim.task("writes", function* () {
      yield x.write(1);
      yield y.write(1);
    });
  };

const upTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

it.each([
  [2, 1, 1],
  [2, 4, 35],
  [2, 6, 462],
  [3, 1, 1],
  [3, 2, 15],
  [3, 3, 280],
  [5, 1, 1],
])("%i tasks with %i critical sections each: %i, all orders by the exchanges", (n, k, runs) => {
  expect(count(criticalSections(n, k), [upTo(n)])).toBe(runs);
});

it("striped sections: the first and the third task do the same", () => {
  expect(count(stripedSections(3, 3, 2), [])).toBe(200);
  expect(count(stripedSections(3, 3, 2), [[0, 2]])).toBe(100);
});

it.each([1, 2, 6])("%i readers and a writer: how many read before", (n) => {
  expect(count(new SetupProgram(readers(n)), [upTo(n)])).toBe(n + 1);
});

it.each([
  [1, 4],
  [2, 10],
  [3, 20],
  [5, 56],
])("%i who read twice and a writer: of 4 ways to read, so many with repetition: %i", (n, runs) => {
  expect(count(new SetupProgram(pairs(n)), [upTo(n)])).toBe(runs);
});

it("twins that are none are noticed, and prove nothing", () => {
  const program = new SetupProgram((sim) => {
    const [x, y] = [sim.shared("x", 0), sim.shared("y", 0)];
    sim.task("a", function* () {
      yield x.write(1);
    });
    sim.task("b", function* () {
      yield y.write(1);
    });
  });
  const strategy = new ReductionStrategy({}, { twins: [[taskId(0), taskId(1)]] });
  explored(program, strategy, 100);
  expect(strategy.counts.unlike).toBeGreaterThan(0);
  expect(strategy.coverage().exhausted).toBe(false);
});

it("a task that cannot go on where its twin can is noticed", () => {
  const program = new SetupProgram((sim) => {
    const m = sim.mutex("m");
    sim.task("a", function* () {
      yield sim.sleep(5);
      yield m.lock();
      m.unlock();
    });
    sim.task("b", function* () {
      yield m.lock();
      m.unlock();
    });
  });
  const strategy = new ReductionStrategy({}, { twins: [[taskId(0), taskId(1)]] });
  explored(program, strategy, 100);
  expect(strategy.counts.unlike).toBeGreaterThan(0);
  expect(strategy.coverage().exhausted).toBe(false);
});

it("refuses a task that is twice another's twin, and a search of other twins", () => {
  const twice = [
    [taskId(0), taskId(1)],
    [taskId(1), taskId(2)],
  ];
  expect(() => new ReductionStrategy({}, { twins: twice })).toThrow(/found task 1 twice/);
  const saved = new ReductionStrategy({}, { twins: twice.slice(1) }).save();
  expect(() => new ReductionStrategy().resume(saved)).toThrow(/the twins that it was begun with/);
});

it.each([
  ["sections", criticalSections(3, 2), [upTo(3)], 15],
  ["readers", new SetupProgram(pairs(3)), [upTo(3)], 20],
])("the estimate of %s counts up to exchanges, too", (_, program, twins, orders) => {
  const estimator = new Estimator(
    createPrng("twins"),
    twins.map((set) => set.map(taskId)),
  );
  const scheduler = new Scheduler({ releaseSteps: true });
  for (let i = 0; i < 4000; i++) {
    estimator.beginRun();
    estimator.endRun(scheduler.run(program, estimator));
  }
  const found = estimator.estimate()?.orders ?? 0;
  expect(found / orders).toBeGreaterThan(0.9);
  expect(found / orders).toBeLessThan(1.1);
});
