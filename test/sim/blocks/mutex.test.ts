import { describe, expect, it } from "vitest";
import {
  replay,
  sampledCoverage,
  type Setup,
  simulate,
  type Strategy,
} from "../../../src/sim/index.ts";

/** Two tasks that take two mutexes in opposite order, the right one perhaps behind a gate. */
function abba(gate: "none" | "shared", rightOrder: "ba" | "ab"): Setup {
  return (sim) => {
    const g = sim.mutex("gate");
    const a = sim.mutex("a");
    const b = sim.mutex("b");
    const inOrder = (name: string, order: string): void => {
      const [first, second] = order === "ab" ? [a, b] : [b, a];
      sim.task(name, function* () {
        if (gate === "shared") yield g.lock();
        yield first.lock();
        yield second.lock();
        second.unlock();
        first.unlock();
        if (gate === "shared") g.unlock();
      });
    };
    inOrder("left", "ab");
    inOrder("right", rightOrder);
  };
}

describe("mutex", () => {
  it("keeps others out until it is unlocked", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const x = sim.shared("x", 0);
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          yield m.lock();
          const v = yield* x.read();
          yield x.write(v + 1);
          m.unlock();
        });
      }
      return () => expect(x.peek()).toBe(2);
    };
    expect(simulate(setup).finding).toBeNull();
    expect(simulate(setup, { releaseSteps: true, start: "spawn" }).finding).toBeNull();
  });

  it("names mutexes and tasks in a deadlock", () => {
    expect(replay(abba("none", "ba"), "ab").failure?.message).toBe(
      [
        "deadlock: right -> left -> right",
        "  right waits to lock a, behind left; holds b",
        "  left waits to lock b, behind right; holds a",
      ].join("\n"),
    );
  });

  it("deadlocks with itself when it is locked twice", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("only", function* () {
        yield m.lock();
        yield m.lock();
      });
    };
    expect(replay(setup, "a").failure?.message).toBe(
      "deadlock: only -> only\n  only waits to lock m, behind only; holds m",
    );
  });

  it("predicts a deadlock from a run that had none", () => {
    const verdict = simulate(abba("none", "ba"), { strategy: leftFirst(), runs: 1 });
    expect(verdict.finding?.failure.message).toBe(
      [
        "potential deadlock: this run went well, but its acquires could close a cycle",
        "  left asked for b while it held a",
        "  right asked for a while it held b",
      ].join("\n"),
    );
  });

  it.each([
    ["the same order", abba("none", "ab")],
    ["a common gate", abba("shared", "ba")],
  ])("predicts nothing under %s", (_, setup) => {
    expect(simulate(setup, { runs: 200 }).finding).toBeNull();
    expect(simulate(setup, { runs: 200, releaseSteps: true }).finding).toBeNull();
  });

  it.each([false, true])("refuses to unlock what is not held (release steps: %s)", (steps) => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("thief", function* () {
        yield sim.sleep(0);
        m.unlock();
      });
      sim.task("owner", function* () {
        yield m.lock();
        yield sim.sleep(1);
        m.unlock();
        m.unlock();
      });
    };
    const failures = ["ab", "ba"].map(
      (text) => replay(setup, text, { releaseSteps: steps }).failure,
    );
    expect(failures.map((failure) => failure?.kind)).toEqual(["latch-misuse", "latch-misuse"]);
    expect(failures[0]?.message).toBe("thief unlocks m, which it does not hold");
  });

  it.each([false, true])("refuses a second unlock (release steps: %s)", (releaseSteps) => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("owner", function* () {
        yield m.lock();
        m.unlock();
        m.unlock();
      });
    };
    expect(simulate(setup, { releaseSteps }).finding?.failure).toMatchObject({
      kind: "latch-misuse",
      message: "owner unlocks m, which it does not hold",
    });
  });

  it("reports a task that ends with the mutex held", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("careless", function* () {
        yield m.lock();
      });
    };
    expect(simulate(setup).finding?.failure).toMatchObject({
      kind: "latch-held",
      message: "careless ended and still holds m",
    });
  });

  it("is tried without waiting", () => {
    const outcomes = new Set<string>();
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const got: boolean[] = [];
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          const isMine = yield* m.tryLock();
          got.push(isMine);
          yield sim.sleep(0);
          if (isMine) m.unlock();
        });
      }
      return () => {
        outcomes.add(got.join());
      };
    };
    expect(simulate(setup, { runs: 100 }).finding).toBeNull();
    expect([...outcomes].toSorted()).toEqual(["true,false", "true,true"]);
  });

  it("takes each unlock as a step where releases are steps", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      sim.task("only", function* () {
        yield m.lock();
        m.unlock();
      });
    };
    expect(replay(setup, "a").story).toBe("   0  only  locks m\n");
    expect(replay(setup, "a2", { releaseSteps: true }).story).toBe(
      "   0  only  locks m\n   1  only  releases m\n",
    );
  });
});

/** Lets the first option go on to its end: the plainest run there is. */
function leftFirst(): Strategy {
  return {
    name: "left-first",
    beginRun: () => true,
    choose: () => 0,
    endRun: () => undefined,
    coverage: () => sampledCoverage("left-first"),
  };
}
