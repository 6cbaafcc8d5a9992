import { describe, expect, it } from "vitest";
import { FAIRNESS_SETTINGS, type Fairness } from "../../../src/latch/index.ts";
import {
  DepthFirstStrategy,
  type ReadWriteLatch,
  replay,
  type Setup,
  simulate,
  type Simulation,
  type Task,
} from "../../../src/sim/index.ts";

type Begin = "shared" | "update";

/** Adds one, by an upgrade from the mode in which the count was read. */
function* add(latch: ReadWriteLatch, begin: Begin, count: { now: number }): Task<void> {
  const guard = yield* latch[begin]();
  const before = count.now;
  yield latch.upgrade(guard);
  count.now = before + 1;
  guard.release();
}

/** A task for each way to begin; in the end all have counted. */
const upgrades =
  (fairness: Fairness, ...ways: readonly Begin[]): Setup =>
  (sim) => {
    const latch = sim.readWriteLatch("page", fairness);
    const count = { now: 0 };
    for (const [i, begin] of ways.entries()) {
      sim.task(`t${i}`, () => add(latch, begin, count));
    }
    return () => count.now === ways.length;
  };

function exhausted(setup: Setup): unknown {
  const { finding, coverage } = simulate(setup, {
    strategy: new DepthFirstStrategy(),
    runs: 100_000,
  });
  return [finding?.failure.message, coverage[0]?.exhausted];
}

/** The first acquires of two tasks, in the opposite order, of one run that goes well. */
const opposite =
  (first: Begin, second: Begin): Setup =>
  (sim: Simulation) => {
    const left = sim.readWriteLatch("left");
    const right = sim.readWriteLatch("right");
    sim.task("a", function* () {
      using a = yield* left[first]();
      using b = yield* right[second]();
      expect([a.isHeld, b.isHeld]).toEqual([true, true]);
    });
    sim.task("b", function* () {
      using a = yield* right[first]();
      using b = yield* left[second]();
      expect([a.isHeld, b.isHeld]).toEqual([true, true]);
    });
  };

describe.each(FAIRNESS_SETTINGS)("a latch held for update (%s)", (fairness) => {
  it("is upgraded by any number of tasks, and no schedule deadlocks", () => {
    expect(exhausted(upgrades(fairness, "update", "update", "update"))).toEqual([undefined, true]);
  });

  it("loses no count beside readers and writers", () => {
    const setup: Setup = (sim) => {
      const latch = sim.readWriteLatch("page", fairness);
      const count = { now: 0 };
      sim.task("first", () => add(latch, "update", count));
      sim.task("second", () => add(latch, "update", count));
      sim.task("reader", function* () {
        using guard = yield* latch.shared();
        const before = count.now;
        yield sim.sleep(0);
        expect([guard.isHeld, count.now]).toEqual([true, before]);
      });
      sim.task("writer", function* () {
        using guard = yield* latch.exclusive();
        const before = count.now++;
        yield sim.sleep(0);
        expect([guard.isHeld, count.now]).toEqual([true, before + 1]);
      });
      return () => count.now === 3;
    };
    expect(simulate(setup, { runs: 2000 }).finding).toBeNull();
    expect(simulate(setup, { runs: 500, releaseSteps: true }).finding).toBeNull();
  });

  it("deadlocks two that upgrade from shared, and the report names the modes", () => {
    const found = simulate(upgrades(fairness, "shared", "shared")).finding?.failure;
    expect(found?.kind).toBe("deadlock");
    expect(found?.message).toContain(
      "waits to upgrade to X on page, as writer, behind t0; holds S on page, taken as writer",
    );
  });

  it("deadlocks one that upgrades from update with one that does from shared", () => {
    const found = simulate(upgrades(fairness, "update", "shared")).finding?.failure;
    expect(found?.kind).toBe("deadlock");
    expect(found?.message).toContain("behind t1; holds U on page, taken as writer");
    expect(found?.message).toContain("behind t0; holds S on page, taken as writer");
  });

  it("is upgraded past a writer that waits, and that is no deadlock", () => {
    const setup: Setup = (sim) => {
      const latch = sim.readWriteLatch("page", fairness);
      const count = { now: 0 };
      sim.task("sharer", () => add(latch, "shared", count));
      sim.task("writer", function* () {
        using guard = yield* latch.exclusive();
        if (guard.isHeld) count.now++;
      });
      return () => count.now === 2;
    };
    expect(exhausted(setup)).toEqual([undefined, true]);
  });
});

describe("the order graph", () => {
  it("knows which modes fit, by the table of the latches", () => {
    const kinds = (["shared", "update"] as const).map((first) =>
      (["shared", "update"] as const).map((second) => {
        const { failure } = replay(opposite(first, second), "a2b2");
        return failure?.kind ?? null;
      }),
    );
    expect(kinds).toEqual([
      [null, null],
      [null, "potential-deadlock"],
    ]);
  });
});

describe("an upgrade by the wrong guard", () => {
  it("is a misuse that names the latch, and no silent upgrade of another", () => {
    const { finding } = simulate((sim) => {
      const [l, m] = [sim.readWriteLatch("l"), sim.readWriteLatch("m")];
      sim.task("a", function* () {
        const guard = yield* l.update();
        yield* m.upgrade(guard);
      });
    });
    expect(finding?.failure).toMatchObject({
      kind: "latch-misuse",
      message: expect.stringContaining("a upgrades latch m by the guard of another latch"),
    });
  });

  it("refuses a fairness that there is not", () => {
    const setup = (sim: Simulation): void => {
      sim.readWriteLatch("l", "fair" as "fifo");
    };
    expect(() => simulate(setup)).toThrow(/fairness of l: there is no "fair"; .*fifo/);
  });
});
