import { describe, expect, it } from "vitest";
import { CrashSource } from "../../../src/sim/crash-source.ts";
import { parseSchedule } from "../../../src/sim/schedule.ts";
import { type Program, Scheduler } from "../../../src/sim/scheduler.ts";
import type { Strategy } from "../../../src/sim/strategy.ts";
import {
  parseStrategy,
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
  it.each(["random", "pct3", "pos", "urw", "surw", "surw:writes", "swarm", "feedback"])(
    "repeats all runs of %s, and another makes others",
    (name) => {
      const schedules = (seed: string): string[] =>
        record(philosophers(5), parseStrategy(name, createPrng(seed)), 50).map(
          (run) => run.schedule,
        );
      expect(schedules("a")).toEqual(schedules("a"));
      expect(schedules("a")).not.toEqual(schedules("b"));
    },
  );
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

  it.each([0, 1])("does not spin for long where task %i waits for the other", (spinner) => {
    let isSet = false;
    const spinning = new BareProgram(
      [0, 1].map((id) => {
        return function* (bare) {
          if (id === spinner) while (!isSet) yield bare.touch(0, 1);
          else for (let i = 0; i < 5; i++) yield bare.touch(0, 2);
          isSet ||= id !== spinner;
        };
      }),
      () => {
        isSet = false;
      },
    );
    const lengths = record(spinning, new UrwStrategy(createPrng(1)), 1000).map(
      ({ schedule }) => parseSchedule(schedule).length,
    );
    expect(Math.max(...lengths)).toBeLessThan(400);
    expect(lengths.slice(300).reduce((sum, length) => sum + length, 0) / 700).toBeLessThan(80);
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

/** One task that draws how long it is: 4 steps or 40; then a crash. Notes the moments in long runs. */
function crashingLate(moments: number[]): Program {
  const tools = new FreeStep();
  return {
    begin: (scheduler) => {
      let steps = 0;
      let taken = 0;
      const work = function* (): Task<void> {
        yield tools;
        steps = scheduler.chooseValue(2) === 0 ? 3 : 39;
        while (taken++ < steps) yield tools;
      };
      scheduler.addTask(taskSource(work()));
      const note = (): void => {
        if (steps === 39) moments.push(Math.min(taken, 39));
        scheduler.stopAll();
      };
      scheduler.addTask(new CrashSource(note));
    },
    finish: () => null,
    describeObject: () => "",
  };
}

describe.each<[string, (seed: string) => Strategy]>([
  ["random", (seed) => new RandomStrategy(createPrng(seed))],
  ["pct1", (seed) => new PctStrategy(createPrng(seed), 1)],
  ["pos", (seed) => parseStrategy("pos", createPrng(seed))],
  ["urw", (seed) => new UrwStrategy(createPrng(seed))],
  ["surw", (seed) => parseStrategy("surw", createPrng(seed))],
  ["swarm", (seed) => new SwarmStrategy(createPrng(seed))],
  ["feedback", (seed) => parseStrategy("feedback", createPrng(seed))],
])("a crash under %s, in runs that are often short", (_, strategyOf) => {
  it("comes at every moment of a long run too", () => {
    const moments: number[] = [];
    const RUNS = 20_000;
    record(crashingLate(moments), strategyOf("late"), RUNS);
    const counts = new Int32Array(40);
    for (const moment of moments) counts[moment] = (counts[moment] ?? 0) + 1;
    // If half of the lengths were long ones, each late moment would have its share of 1/82.
    expect(Math.min(...counts.subarray(1)) / moments.length).toBeGreaterThan(1 / 82 / 5);
  });
});

describe("PCT with a crash", () => {
  it("claims no more than it keeps, however long its runs are", () => {
    const moments: number[] = [];
    // With one task and one choice its claim is that of the crash alone, by one of two options.
    const strategy = new PctStrategy(createPrng("claim"), 1, 1);
    let claimed = 0;
    for (let i = 0; i < 400; i++) {
      record(crashingLate(moments), strategy, 50);
      claimed += (2 * (strategy.coverage().runProbability ?? 0)) / 400;
    }
    const late = moments.filter((moment) => moment >= 5 && moment < 39).length / 34;
    expect(claimed).toBeGreaterThan(1 / 1000);
    // Some 2,600 late moments: five standard deviations are a tenth.
    expect(claimed).toBeLessThan((1.1 * late) / moments.length);
  });
});

describe("PCT where a task spins", () => {
  it("counts only the choices that are its own", () => {
    const strategy = new PctStrategy(createPrng(1), 2);
    const spinning = new BareProgram(
      [0, 1].map(
        () =>
          function* (bare) {
            for (;;) yield bare.touch(0, 2);
          },
      ),
    );
    strategy.beginRun();
    strategy.endRun(new Scheduler({ stepsMax: 50 }).run(spinning, strategy));
    expect(strategy.coverage().runProbability).toBe(1 / (2 * 50));
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
