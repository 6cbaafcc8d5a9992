import { describe, expect, it } from "vitest";
import { DepthFirstStrategy, type Setup, simulate } from "../../src/sim/index.ts";

/** Task c waits to upgrade while b holds the latch shared and wants what a holds. */
const upgradeAmongReaders: Setup = (sim) => {
  const latch = sim.readWriteLatch("L", "barging");
  const mutex = sim.mutex("M");
  sim.task("a", function* () {
    yield mutex.lock();
    const guard = yield* latch.shared();
    guard.release();
    mutex.unlock();
  });
  sim.task("b", function* () {
    const guard = yield* latch.shared();
    yield mutex.lock();
    mutex.unlock();
    guard.release();
  });
  sim.task("c", function* () {
    const guard = yield* latch.shared();
    const upgraded = latch.upgrade(guard);
    if (upgraded.pending) yield upgraded;
    upgraded.release();
  });
};

describe("an upgrade that waits", () => {
  it("still holds the latch shared, so a barging reader waits for nobody", () => {
    const strategy = new DepthFirstStrategy();
    const verdict = simulate(upgradeAmongReaders, { strategy, runs: 5000 });
    expect(verdict.finding).toBeNull();
    expect(verdict.coverage[0]?.exhausted).toBe(true);
  });
});
