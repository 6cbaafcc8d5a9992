import { describe, expect, it } from "vitest";
import { replay, type Setup, simulate } from "../../../src/sim/index.ts";

describe("spawn and join", () => {
  it("starts a task from a task and gives what it returned", () => {
    const setup: Setup = (sim) => {
      sim.task("parent", function* () {
        const left = yield* sim.spawn("left", function* () {
          yield sim.sleep(2);
          return 40;
        });
        const right = yield* sim.spawn("right", function* () {
          yield sim.sleep(1);
          return 2;
        });
        expect(left.isDone).toBe(false);
        expect((yield* left.join()) + (yield* right.join())).toBe(42);
        expect(sim.nowMs()).toBe(2);
      });
    };
    const run = replay(setup, "a2cba2");
    expect(run.failure).toBeNull();
    expect(run.drift).toBeNull();
    expect(run.story).toBe(
      [
        "   0  parent  spawns left",
        "   1  parent  spawns right",
        "   2  right   sleeps 1 ms",
        "   3  left    sleeps 2 ms",
        "   4  parent  joins left",
        "   5  parent  joins right",
        "",
      ].join("\n"),
    );
    expect(simulate(setup).finding).toBeNull();
  });

  it("spawns a program's tasks in order where the start is spawn", () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          yield x.write(1);
        });
      }
    };
    expect(replay(setup, "abaca2", { start: "spawn" })).toMatchObject({
      drift: null,
      story: [
        "   0  main   spawns left",
        "   1  left   writes x: 1",
        "   2  main   spawns right",
        "   3  right  writes x: 1",
        "   4  main   joins left",
        "   5  main   joins right",
        "",
      ].join("\n"),
    });
  });

  it("names a join in a deadlock", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const child = sim.task("child", function* () {
        yield sim.sleep(0);
        yield m.lock();
        m.unlock();
      });
      sim.task("parent", function* () {
        yield m.lock();
        yield child.join();
        m.unlock();
      });
    };
    expect(replay(setup, "ba").failure?.message).toBe(
      [
        "deadlock: child -> parent -> child",
        "  child waits to lock m, behind parent; holds nothing",
        "  parent waits to join child, behind child; holds m",
      ].join("\n"),
    );
    expect(replay(setup, "a2b2").failure).toBeNull();
  });

  it("waits for the releases of a task that it joins", () => {
    const setup: Setup = (sim) => {
      const m = sim.mutex("m");
      const child = sim.task("child", function* () {
        yield m.lock();
        m.unlock();
      });
      sim.task("parent", function* () {
        yield child.join();
        expect(yield* m.tryLock()).toBe(true);
        m.unlock();
      });
    };
    expect(simulate(setup, { releaseSteps: true }).finding).toBeNull();
  });

  it("refuses to declare a task while the program runs", () => {
    const setup: Setup = (sim) => {
      sim.task("parent", function* () {
        yield sim.sleep(0);
        sim.task("late", function* () {});
      });
    };
    expect(simulate(setup).finding?.failure.message).toBe(
      "LatchworkError: task late: the run has begun; spawn it instead",
    );
  });
});

describe("virtual time", () => {
  it("passes only when no task can go on", () => {
    const setup: Setup = (sim) => {
      const times: number[] = [];
      for (const ms of [30, 10, 20]) {
        sim.task(`sleeper ${ms}`, function* () {
          yield sim.sleep(ms);
          yield sim.sleep(ms);
          times.push(sim.nowMs());
        });
      }
      return () => expect(times).toEqual([20, 40, 60]);
    };
    expect(simulate(setup, { runs: 50 }).finding).toBeNull();
  });

  it("lets steps come between two sleepers that wake together", () => {
    const orders = new Set<string>();
    const setup: Setup = (sim) => {
      const order: string[] = [];
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          yield sim.sleep(5);
          order.push(name);
        });
      }
      return () => {
        orders.add(order.join());
      };
    };
    expect(simulate(setup, { runs: 50 }).finding).toBeNull();
    expect(orders.size).toBe(2);
  });
});

describe("choice", () => {
  it("is explored and replayed as part of the schedule", () => {
    const setup: Setup = (sim) => {
      sim.task("gambler", function* () {
        yield sim.sleep(0);
        if (sim.choose(6) === 5 && sim.choose(2) === 1) throw new Error("six, then heads");
      });
    };
    const verdict = simulate(setup);
    expect(verdict.finding?.failure).toMatchObject({
      kind: "exception",
      message: "Error: six, then heads",
    });
    expect(verdict.schedule).toBe("a=5=1");
    expect(replay(setup, "a=5=1").failure?.message).toBe("Error: six, then heads");
    expect(replay(setup, "a=5=0").failure).toBeNull();
    expect(replay(setup, "a=7").drift).toBe("decision 1: expected the value 7, found the value 0");
  });

  it.each([0, -1, 1.5])("refuses a count of %s", (count) => {
    const setup: Setup = (sim) => {
      sim.task("gambler", function* () {
        sim.choose(count);
      });
    };
    expect(simulate(setup).finding?.failure.message).toContain("expected 1 or more");
  });
});
