import { describe, expect, it } from "vitest";
import { Explorer, RoundRobinStrategy, Scheduler, SetupProgram } from "../../src/sim/index.ts";
import type { Setup } from "../../src/sim/index.ts";

/** Two tasks that latch a and b, one after the other, in the same order or not. */
function nested(sameOrder: boolean): Setup {
  return (sim) => {
    const a = sim.mutex("a");
    const b = sim.mutex("b");
    const both = [a, b] as const;
    for (const [outer, inner] of [both, sameOrder ? both : ([b, a] as const)]) {
      sim.task("task", function* () {
        yield outer.lock();
        yield inner.lock();
        inner.unlock();
        outer.unlock();
      });
    }
  };
}

describe("one explorer for many programs", () => {
  it("counts equal orders of two programs as two", () => {
    const explorer = new Explorer(new Scheduler());
    const options = { runsMax: 1 };
    explorer.explore(new SetupProgram(nested(true)), [new RoundRobinStrategy()], options);
    const second = new SetupProgram(nested(true));
    expect(explorer.explore(second, [new RoundRobinStrategy()], options).distinctOrders).toBe(2);
  });
});
