import { describe, expect, it } from "vitest";
import type { Program } from "../../../src/sim/scheduler.ts";
import type { Strategy } from "../../../src/sim/strategy.ts";
import {
  PctStrategy,
  RandomStrategy,
  RoundRobinStrategy,
  SwarmStrategy,
  UrwStrategy,
} from "../../../src/sim/strategies/index.ts";
import { createPrng, type Task } from "../../../src/task/index.ts";
import {
  abBa,
  BareProgram,
  criticalSections,
  FreeStep,
  philosophers,
  reorder,
  taskSource,
} from "../anchors/bare.ts";
import { record } from "./record.ts";

function touching(tasks: number, steps: number): BareProgram {
  return new BareProgram(
    Array.from({ length: tasks }, (_, id) => {
      return function* (bare) {
        for (let i = 0; i < steps; i++) yield bare.touch(id, 2);
      };
    }),
  );
}

describe("round robin", () => {
  it("gives each task one step in turn, and makes one run", () => {
    const runs = record(touching(3, 3), new RoundRobinStrategy(), 10);
    expect(runs.map((run) => run.schedule)).toEqual(["abcabcabc"]);
  });
});

describe("a seed", () => {
  it.each<[string, (seed: string) => Strategy]>([
    ["random", (seed) => new RandomStrategy(createPrng(seed))],
    ["pct3", (seed) => new PctStrategy(createPrng(seed), 3)],
    ["urw", (seed) => new UrwStrategy(createPrng(seed))],
    ["swarm", (seed) => new SwarmStrategy(createPrng(seed))],
  ])("repeats all runs of %s, and another makes others", (_, strategyOf) => {
    const schedules = (seed: string): string[] =>
      record(philosophers(5), strategyOf(seed), 50).map((run) => run.schedule);
    expect(schedules("a")).toEqual(schedules("a"));
    expect(schedules("a")).not.toEqual(schedules("b"));
  });
});

describe("PCT", () => {
  it.each([1, 2, 3, 4])("of depth %i makes at most depth - 1 preemptions", (depth) => {
    // Without latches nobody blocks, so only a change of priorities switches away.
    const runs = record(touching(4, 5), new PctStrategy(createPrng(depth), depth), 200);
    expect(Math.max(...runs.map((run) => run.preemptions))).toBe(depth - 1);
  });

  it("learns how many choices there are from its runs", () => {
    const strategy = new PctStrategy(createPrng(1), 2);
    expect(strategy.coverage().runProbability).toBeNull();
    record(criticalSections(2, 4), strategy, 100);
    // Two tasks; each choice comes before a section while the other has one left: 7 at most.
    expect(strategy.coverage().runProbability).toBe(1 / (2 * 7));
  });

  it.each([
    ["AB-BA, depth 2", abBa(), 2],
    ["AB-BA, depth 3", abBa(), 3],
    ["reorder 4+1, depth 3", reorder(4), 3],
    ["philosophers 3, depth 3", philosophers(3), 3],
  ])("keeps its bound on %s", (_, program, depth) => {
    const strategy = new PctStrategy(createPrng("bound"), depth);
    const runs = record(program, strategy, 20_000);
    const share = runs.filter((run) => run.failed).length / runs.length;
    expect(share).toBeGreaterThan(strategy.coverage().runProbability ?? 1);
  });

  it("adds its bound up over all runs", () => {
    const strategy = new PctStrategy(createPrng(1), 2, 3);
    record(abBa(), strategy, 10);
    const { runProbability, allRunsProbability } = strategy.coverage();
    expect(runProbability).toBe(1 / 6);
    expect(allRunsProbability).toBeCloseTo(1 - (5 / 6) ** 10, 12);
  });
});

describe("URW", () => {
  it("makes its first run without preemptions", () => {
    const runs = record(philosophers(4), new UrwStrategy(createPrng(1)), 1);
    expect(runs[0]?.preemptions).toBe(0);
  });

  it("is uniform over interleavings of tasks of different lengths", () => {
    const program = new BareProgram(
      [1, 3, 6].map((steps) => {
        return function* (bare) {
          for (let i = 0; i < steps; i++) yield bare.touch(0, 2);
        };
      }),
    );
    const outcomes = 840; // 10! / (1! 3! 6!)
    const runs = record(program, new UrwStrategy(createPrng(7)), 1 + 42_000).slice(1);
    expect(chiSquare(runs, outcomes)).toBeLessThan(946); // 99.5 % point, 839 degrees of freedom
    const walked = record(program, new RandomStrategy(createPrng(7)), 42_000);
    expect(chiSquare(walked, outcomes)).toBeGreaterThan(10_000);
  });

  it("is uniform where tasks spawn tasks, for it counts their steps beforehand", () => {
    // Seven steps in a forest whose trees have sizes 7, 4, 2, 2 and 1: 7! / (7 * 4 * 2 * 2).
    const outcomes = 45;
    const runs = record(spawning(), new UrwStrategy(createPrng(5)), 1 + 9000).slice(1);
    expect(chiSquare(runs, outcomes)).toBeLessThan(71.9); // 99.5 % point, 44 degrees of freedom
    const walked = record(spawning(), new RandomStrategy(createPrng(5)), 9000);
    expect(chiSquare(walked, outcomes)).toBeGreaterThan(500);
  });

  it("keeps what complete runs taught it when runs deadlock", () => {
    const strategy = new UrwStrategy(createPrng(3));
    const runs = record(philosophers(2), strategy, 4001).slice(1);
    const share = runs.filter((run) => run.failed).length / runs.length;
    // Exactly 4/7; four standard deviations are 0.031.
    expect(Math.abs(share - 4 / 7)).toBeLessThan(0.031);
  });

  it("goes on when even the dry run fails", () => {
    const failing = new BareProgram(
      [0, 1].map((id) => {
        return function* (bare) {
          yield bare.touch(id, 2);
          yield bare.touch(id, 2);
          if (id === 0) throw new Error("always");
        };
      }),
    );
    const runs = record(failing, new UrwStrategy(createPrng(3)), 20);
    expect(new Set(runs.map((run) => run.schedule)).size).toBeGreaterThan(1);
  });
});

describe("swarm", () => {
  it("lets single tasks rush ahead more often than the random walk does", () => {
    const swarm = sequential(new SwarmStrategy(createPrng(1)));
    expect(swarm).toBeGreaterThan(1.2 * sequential(new RandomStrategy(createPrng(1))));
  });
});

/** How many of 4000 runs let each of two tasks end before the other begins. */
function sequential(strategy: Strategy): number {
  return record(touching(2, 4), strategy, 4000).filter((run) => run.preemptions === 0).length;
}

/** A task spawns one of two steps, then another of two steps, and takes a step of its own. */
function spawning(): Program {
  const tools = new FreeStep();
  const leaf = function* (): Task<void> {
    yield tools;
    yield tools;
  };
  return {
    begin: (scheduler) => {
      const spawner = function* (): Task<void> {
        yield tools;
        scheduler.addTask(taskSource(leaf()));
        yield tools;
        scheduler.addTask(taskSource(leaf()));
        yield tools;
      };
      scheduler.addTask(taskSource(spawner()));
    },
    finish: () => null,
    describeObject: () => "",
  };
}

function chiSquare(runs: readonly { schedule: string }[], outcomes: number): number {
  const counts = new Map<string, number>();
  for (const { schedule } of runs) counts.set(schedule, (counts.get(schedule) ?? 0) + 1);
  const expected = runs.length / outcomes;
  let sum = (outcomes - counts.size) * expected;
  for (const count of counts.values()) sum += (count - expected) ** 2 / expected;
  return sum;
}
