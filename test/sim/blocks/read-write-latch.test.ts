import { describe, expect, it } from "vitest";
import { FAIRNESS_SETTINGS, type Fairness } from "../../../src/latch/index.ts";
import { replay, type Setup, simulate } from "../../../src/sim/index.ts";

/** A reader that shares the latch twice, and a writer. */
const nestedReader =
  (fairness: Fairness): Setup =>
  (sim) => {
    const latch = sim.readWriteLatch("page", fairness);
    sim.task("reader", function* () {
      const outer = yield* latch.shared("outer");
      const inner = yield* latch.shared("inner");
      inner.release();
      outer.release();
    });
    sim.task("writer", function* () {
      const guard = yield* latch.exclusive();
      guard.release();
    });
  };

describe("read-write latch", () => {
  it.each(FAIRNESS_SETTINGS)("is shared by readers and held alone by a writer (%s)", (fairness) => {
    let mostReaders = 0;
    const setup: Setup = (sim) => {
      const latch = sim.readWriteLatch("page", fairness);
      let readers = 0;
      let writers = 0;
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          using guard = yield* latch.shared();
          expect(guard.isHeld).toBe(true);
          readers++;
          mostReaders = Math.max(mostReaders, readers);
          expect(writers).toBe(0);
          yield sim.sleep(1);
          readers--;
        });
      }
      for (const name of ["first", "second"]) {
        sim.task(name, function* () {
          using guard = yield* latch.exclusive();
          expect(guard.isHeld).toBe(true);
          writers++;
          expect([readers, writers]).toEqual([0, 1]);
          yield sim.sleep(1);
          writers--;
        });
      }
    };
    expect(simulate(setup, { runs: 300 }).finding).toBeNull();
    expect(simulate(setup, { runs: 100, releaseSteps: true }).finding).toBeNull();
    expect(mostReaders).toBe(2);
  });

  it("deadlocks a reader with itself behind a writer only if the writer goes first", () => {
    const kinds = FAIRNESS_SETTINGS.map(
      (fairness) => simulate(nestedReader(fairness)).finding?.failure.kind,
    );
    expect(kinds).toEqual(["deadlock", "deadlock", undefined]);
    expect(replay(nestedReader("fifo"), "aba").failure?.message).toBe(
      [
        "deadlock: writer -> reader -> writer",
        "  writer waits to latch X on page, as writer, behind reader; holds nothing",
        "  reader waits to latch S on page, as inner, behind writer; holds S on page, taken as outer",
      ].join("\n"),
    );
  });

  it("deadlocks two sharers that upgrade", () => {
    const setup: Setup = (sim) => {
      const latch = sim.readWriteLatch("page");
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          const guard = yield* latch.shared();
          yield latch.upgrade(guard);
          guard.release();
        });
      }
    };
    expect(simulate(setup).finding?.failure.kind).toBe("deadlock");
  });

  it("is tried without waiting", () => {
    const setup: Setup = (sim) => {
      const latch = sim.readWriteLatch("page");
      sim.task("holder", function* () {
        const guard = yield* latch.shared();
        yield sim.sleep(1);
        guard.release();
      });
      sim.task("visitor", function* () {
        yield sim.sleep(0);
        const alone = yield* latch.tryExclusive();
        const shared = yield* latch.tryShared();
        expect([alone.isHeld, shared.isHeld]).toEqual([false, true]);
        shared.release();
      });
    };
    expect(replay(setup, "ab2").failure).toBeNull();
  });

  it("reports a release too many, and one too few", () => {
    const setup =
      (releases: number): Setup =>
      (sim) => {
        const latch = sim.readWriteLatch("page");
        sim.task("only", function* () {
          const guard = yield* latch.shared();
          for (let i = 0; i < releases; i++) guard.release();
        });
      };
    expect(simulate(setup(1)).finding).toBeNull();
    expect(simulate(setup(2)).finding?.failure).toMatchObject({
      kind: "double-release",
      message:
        "latch page (reader) was released twice; " +
        "release each guard once, and let one place do it",
    });
    expect(simulate(setup(0)).finding?.failure).toMatchObject({
      kind: "latch-held",
      message: "only ended and still holds S on page, taken as reader",
    });
  });
});
