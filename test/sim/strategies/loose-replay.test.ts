import { describe, expect, it } from "vitest";
import {
  formatSchedule,
  LooseReplayStrategy,
  parseSchedule,
  Scheduler,
  type Setup,
} from "../../../src/sim/index.ts";
import { SetupProgram } from "../../../src/sim/setup-program.ts";

/** Runs a program along a schedule of another one. */
function follow(setup: Setup, schedule: string): { made: string; drift: number | null } {
  const scheduler = new Scheduler();
  const strategy = new LooseReplayStrategy(parseSchedule(schedule), () => scheduler.schedule);
  strategy.beginRun();
  scheduler.run(new SetupProgram(setup), strategy);
  strategy.endRun();
  return { made: formatSchedule(scheduler.schedule), drift: strategy.drift };
}

/** Two tasks that each take three steps, one of them a draw of three values. */
const free: Setup = (sim) => {
  const count = sim.atomic("count", 0);
  for (const name of ["a", "b"]) {
    sim.task(name, function* () {
      yield count.add(1);
      yield count.add(name === "a" ? sim.choose(3) : 1);
      yield count.add(1);
    });
  }
};

/** Two tasks that take two steps inside of a mutex, then one outside. */
const guarded: Setup = (sim) => {
  const mutex = sim.mutex("m");
  const count = sim.atomic("count", 0);
  for (const name of ["a", "b"]) {
    sim.task(name, function* () {
      yield mutex.lock();
      yield count.add(1);
      mutex.unlock();
      yield count.add(1);
    });
  }
};

describe("a schedule of another program", () => {
  it.each([
    ["is followed to the letter where it fits", free, "a=2b3a2", "a=2b3a2", null],
    ["leaves out steps of a task that has ended", free, "a=0a2ab2", "a=0a2b3", 3],
    ["leaves out tasks that there are not", free, "a=1zb3a2", "a=1b3a2", 1],
    ["goes on without preemption once it is used up", free, "ba=1", "ba=1a2b2", 2],
    ["ends with the run", free, "a=1a2b3a", "a=1a2b3", 6],
    ["gives the first value in place of one that is too high", free, "a=7b3a2", "a=0b3a2", 1],
    ["draws the first value where it has none", free, "aab3", "a=0ab3a", 1],
    ["leaves out a value that nobody draws", free, "a=1b=2a2b2", "a=1ba2b2", 2],
    ["gives the turn of a task that waits to the next", guarded, "ab2aab", "a3b3", 1],
  ] as const)("%s", (_what, setup, schedule, made, drift) => {
    expect(follow(setup, schedule)).toEqual({ made, drift });
  });
});
