import { describe, expect, it } from "vitest";
import {
  RoundRobinStrategy,
  Scheduler,
  type SchedulerOptions,
  SetupProgram,
  type Setup,
} from "../../src/sim/index.ts";

const WORK = 5_000;

/** When a task that works for so many steps at one moment ends, beside one that sleeps. */
function endOfWork(options: SchedulerOptions): number {
  let endedMs = Number.NaN;
  const setup: Setup = (sim) => {
    const count = sim.shared("count", 0);
    sim.task("worker", function* () {
      for (let i = 0; i < WORK; i++) yield count.write(i);
      endedMs = sim.nowMs();
    });
    sim.task("sleeper", function* () {
      for (let i = 0; i < 1_000; i++) yield sim.sleep(50);
    });
  };
  const result = new Scheduler({ stepsMax: 1_000_000, ...options }).run(
    new SetupProgram(setup),
    new RoundRobinStrategy(),
  );
  expect(result.failure).toBe(null);
  return endedMs;
}

describe("time, where a task takes thousands of steps at one moment", () => {
  it("passes, for the task may be polling", () => {
    expect(endOfWork({})).toBeGreaterThan(50);
  });

  it("stands still if it is told to", () => {
    expect(endOfWork({ timePasses: "when-all-wait" })).toBe(0);
  });
});
