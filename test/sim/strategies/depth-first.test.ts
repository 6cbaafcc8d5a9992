import { describe, expect, it } from "vitest";
import type { Program } from "../../../src/sim/scheduler.ts";
import {
  DepthFirstStrategy,
  IteratedDepthFirstStrategy,
} from "../../../src/sim/strategies/index.ts";
import { BareProgram, criticalSections, philosophers, stripedSections } from "../anchors/bare.ts";
import { record } from "./record.ts";

const MANY = 1_000_000;
const programs: readonly (readonly [string, Program])[] = [
  ["critical sections", criticalSections(3, 2)],
  ["striped sections", stripedSections(3, 2, 2)],
  ["philosophers", philosophers(3)],
];

function schedulesOf(program: Program, preemptionsMax?: number): string[] {
  return record(program, new DepthFirstStrategy(preemptionsMax), MANY).map((run) => run.schedule);
}

describe.each(programs)("depth-first on %s", (_, program) => {
  it("runs each schedule once", () => {
    const schedules = schedulesOf(program);
    expect(new Set(schedules).size).toBe(schedules.length);
  });

  it.each([0, 1, 2])("with %i preemptions runs just the schedules within the bound", (bound) => {
    const within = record(program, new DepthFirstStrategy(), MANY)
      .filter((run) => run.preemptions <= bound)
      .map((run) => run.schedule);
    const bounded = schedulesOf(program, bound);
    expect(bounded.toSorted()).toEqual(within.toSorted());
  });

  it("iterated, makes the rounds in order and counts each schedule once", () => {
    const strategy = new IteratedDepthFirstStrategy(2);
    const schedules = record(program, strategy, MANY).map((run) => run.schedule);
    const rounds = [0, 1, 2].flatMap((bound) => schedulesOf(program, bound));
    expect(schedules).toEqual(rounds);
    expect(strategy.coverage().schedules).toBe(new Set(schedules).size);
  });
});

describe("depth-first", () => {
  it("enumerates the values of random choices, and they cost no preemption", () => {
    const seen: number[][] = [];
    const program = drawing(seen, 3, 2);
    record(program, new DepthFirstStrategy(0), MANY);
    expect(seen).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
  });

  it("says that a bound left schedules out, or did not", () => {
    const cut = new DepthFirstStrategy(1);
    record(philosophers(3), cut, MANY);
    expect(cut.coverage()).toMatchObject({ exhausted: true, preemptionBound: 1 });
    const ample = new DepthFirstStrategy(50);
    record(philosophers(2), ample, MANY);
    expect(ample.coverage()).toMatchObject({ exhausted: true, preemptionBound: null });
  });

  it("claims nothing before it is through", () => {
    const strategy = new DepthFirstStrategy();
    record(philosophers(3), strategy, 10);
    expect(strategy.coverage()).toMatchObject({ exhausted: false, schedules: 10 });
  });

  it("iterated, claims the last round that it finished", () => {
    const strategy = new IteratedDepthFirstStrategy(2);
    record(philosophers(3), strategy, 3);
    expect(strategy.coverage()).toMatchObject({ exhausted: false, preemptionBound: 0 });
    record(philosophers(3), strategy, schedulesOf(philosophers(3), 0).length);
    expect(strategy.coverage()).toMatchObject({ exhausted: true, preemptionBound: 0 });
    record(philosophers(3), strategy, MANY);
    expect(strategy.coverage()).toMatchObject({ exhausted: true, preemptionBound: 2 });
  });

  it("iterated, stops early once no bound matters", () => {
    const strategy = new IteratedDepthFirstStrategy(50);
    const runs = record(philosophers(2), strategy, MANY);
    expect(runs.length).toBeLessThan(20);
    expect(strategy.coverage()).toMatchObject({
      exhausted: true,
      preemptionBound: null,
      schedules: 6,
    });
  });

  it("reports a program that does not do the same under the same schedule", () => {
    let runs = 0;
    const fickle = new BareProgram(
      [0, 1, 2].map((id) => {
        return function* (bare) {
          if (id !== 2 || runs % 2 === 1) yield bare.touch(0, 2);
          yield bare.touch(1, 2);
        };
      }),
      () => {
        runs++;
      },
    );
    expect(() => record(fickle, new DepthFirstStrategy(), MANY)).toThrow(
      /expected \d options as in the run before, found \d/,
    );
  });
});

/** One task that draws a value below each count; what it drew is noted per run. */
function drawing(seen: number[][], ...counts: number[]): Program {
  return {
    begin: (scheduler) => {
      const drawn: number[] = [];
      seen.push(drawn);
      for (const count of counts) drawn.push(scheduler.chooseValue(count));
    },
    finish: () => null,
    describeObject: () => "",
  };
}
