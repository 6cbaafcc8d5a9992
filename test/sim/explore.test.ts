import { describe, expect, it } from "vitest";
import { Explorer, RoundRobinStrategy, Scheduler, SetupProgram } from "../../src/sim/index.ts";
import type { Setup } from "../../src/sim/index.ts";

/** Two tasks that lock a and then b. */
const nested: Setup = (sim) => {
  const a = sim.mutex("a");
  const b = sim.mutex("b");
  for (const name of ["one", "two"]) {
    sim.task(name, function* () {
      yield a.lock();
      yield b.lock();
      b.unlock();
      a.unlock();
    });
  }
};

describe("one explorer for many programs", () => {
  it("counts equal orders of two programs as two", () => {
    const explorer = new Explorer(new Scheduler());
    const options = { runsMax: 1 };
    explorer.explore(new SetupProgram(nested), [new RoundRobinStrategy()], options);
    const second = new SetupProgram(nested);
    const verdict = explorer.explore(second, [new RoundRobinStrategy()], options);
    const once = { distinctOrders: 2, ordersSeenOnce: 2, ordersSeenTwice: 0 };
    expect(verdict).toMatchObject(once);
    // The second program's only order again: seen twice, and the first program's still once.
    expect(explorer.explore(second, [new RoundRobinStrategy()], options)).toMatchObject({
      ...once,
      ordersSeenOnce: 1,
      ordersSeenTwice: 1,
    });
  });
});
