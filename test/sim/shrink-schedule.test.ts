import { describe, expect, it } from "vitest";
import {
  type FailedRun,
  findWithFewestPreemptions,
  formatSchedule,
  type Program,
  RandomStrategy,
  ReplayStrategy,
  runsOf,
  Scheduler,
  type Setup,
  SetupProgram,
  shrinkSchedule,
} from "../../src/sim/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { abBa, philosophers, reorder } from "./anchors/bare.ts";

const scheduler = new Scheduler({ releaseSteps: true });

/** The first failing run of the random walk that has at least some preemptions. */
function noisyFailure(program: Program, seed: number, preemptionsMin: number): FailedRun {
  const strategy = new RandomStrategy(createPrng(seed));
  const runUnder = runsOf(scheduler, program);
  for (let i = 0; i < 200_000; i++) {
    const run = runUnder(strategy);
    if (run !== null && scheduler.failed && run.preemptions >= preemptionsMin) return run;
  }
  throw new Error("no such failure");
}

/** The reader must stop the writer halfway, and be stopped itself until the writer is through. */
const sandwich: Setup = (sim) => {
  const x = sim.shared("x", 0);
  sim.task("writer", function* () {
    for (let i = 1; i <= 4; i++) yield x.write(i);
  });
  sim.task("reader", function* () {
    const first = yield* x.read();
    const second = yield* x.read();
    if (first === 2 && second === 4) throw new Error("sandwiched");
  });
};

const cases: readonly (readonly [string, Program, number, number])[] = [
  ["AB-BA", abBa(), 1, 1],
  // Who is preempted lets the last one in, who waits, which lets the one before in, and so on.
  ["philosophers 5", philosophers(5), 4, 1],
  ["reorder 4+1", reorder(4), 3, 1],
  ["two preemptions", new SetupProgram(sandwich), 2, 2],
];

describe("shrinking a schedule", () => {
  describe.each(cases)("of %s", (_, program, noise, needed) => {
    it.each([1, 2, 3])("comes to the fewest preemptions, seed %i", (seed) => {
      const failed = noisyFailure(program, seed, noise);
      const runUnder = runsOf(scheduler, program);
      const shrunk = shrinkSchedule(failed, runUnder, { searchRunsMax: 20_000 });
      expect(shrunk).toMatchObject({
        failureKind: failed.failureKind,
        preemptions: needed,
        isMinimal: true,
      });
      const again = new ReplayStrategy(shrunk.schedule);
      again.beginRun();
      expect(runUnder(again)).toMatchObject({
        failureKind: shrunk.failureKind,
        schedule: shrunk.schedule,
        preemptions: shrunk.preemptions,
      });
    });

    it.each([1, 2, 3])("comes within one of it by small changes alone, seed %i", (seed) => {
      const failed = noisyFailure(program, seed, noise);
      const shrunk = shrinkSchedule(failed, runsOf(scheduler, program), { searchRunsMax: 0 });
      expect(shrunk.failureKind).toBe(failed.failureKind);
      expect(shrunk.preemptions).toBeLessThanOrEqual(needed + 1);
      expect(shrunk.runs).toBeLessThanOrEqual(1000);
    });
  });

  it("tells a short story", () => {
    const { schedule } = shrinkSchedule(noisyFailure(abBa(), 1, 1), runsOf(scheduler, abBa()));
    expect(formatSchedule(schedule)).toMatch(/^(?:ab|ba)$/);
  });

  it("keeps to its budget, and does not call minimal what it has not searched", () => {
    const program = philosophers(5);
    let runs = 0;
    const counted = runsOf(scheduler, program);
    const failed = noisyFailure(program, 1, 4);
    const shrunk = shrinkSchedule(
      failed,
      (strategy) => {
        runs++;
        return counted(strategy);
      },
      { searchRunsMax: 100, changeRunsMax: 7 },
    );
    expect(runs).toBe(107);
    expect(shrunk.runs).toBe(107);
    expect(shrunk.isMinimal).toBe(false);
  });

  it("keeps the kind of failure, even if another is quieter", () => {
    const program = new SetupProgram((sim) => {
      const x = sim.shared("x", 0);
      sim.task("left", function* () {
        yield x.write(1);
        const seen = yield* x.read();
        if (seen === 2) throw new Error("overtaken");
      });
      sim.task("right", function* () {
        yield x.write(2);
      });
      return () => {
        throw new Error("wrong in every run that comes to its end");
      };
    });
    const runUnder = runsOf(scheduler, program);
    const overtaken = new ReplayStrategy([0, 1, 0]);
    overtaken.beginRun();
    const failed = runUnder(overtaken);
    expect(failed?.failureKind).toBe("exception");
    if (failed === null) return;
    expect(shrinkSchedule(failed, runUnder)).toMatchObject({
      failureKind: "exception",
      preemptions: 1,
      isMinimal: true,
    });
  });

  it("has nothing to search where nothing was preempted", () => {
    const failed: FailedRun = { failureKind: "deadlock", schedule: [0, 1], preemptions: 0 };
    const search = findWithFewestPreemptions(failed, () => null, 100);
    expect(search).toEqual({ found: null, runs: 0, preemptionsNeeded: 0 });
  });
});
