import { describe, expect, it } from "vitest";
import { replay, type Setup, simulate } from "../../../src/sim/index.ts";

/** Two tasks that add one, by a read and a write or by one atomic step. */
function counter(kind: "shared" | "atomic"): Setup {
  return (sim) => {
    const shared = sim.shared("x", 0);
    const atomic = sim.atomic("x", 0);
    for (const name of ["left", "right"]) {
      sim.task(name, function* () {
        if (kind === "atomic") yield atomic.add(1);
        else yield shared.write((yield* shared.read()) + 1);
      });
    }
    const total = (): number => shared.peek() + atomic.peek();
    return () => {
      if (total() !== 2) throw new RangeError(`x is ${total()}, expected 2`);
    };
  };
}

describe("shared", () => {
  it("lets another task come between a read and a write", () => {
    const verdict = simulate(counter("shared"));
    expect(verdict.finding?.failure).toMatchObject({
      kind: "wrong-result",
      message: "RangeError: x is 1, expected 2",
    });
    const run = replay(counter("shared"), verdict.schedule ?? "");
    expect(run.failure).toEqual(verdict.finding?.failure);
  });

  it("writes nothing before the step is yielded", () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", "old");
      sim.task("only", function* () {
        const step = x.write("new");
        expect(yield* x.read()).toBe("old");
        yield step;
        expect(yield* x.read()).toBe("new");
      });
    };
    expect(simulate(setup).finding).toBeNull();
  });

  it("counts interleavings that differ only in the order of reads as one", () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          yield x.read();
          yield x.read();
        });
      }
    };
    expect(simulate(setup, { runs: 100 })).toMatchObject({ runs: 100, distinctOrders: 1 });
    expect(simulate(counter("atomic"), { runs: 100 })).toMatchObject({ distinctOrders: 2 });
  });
});

describe("atomic", () => {
  it("adds in one step", () => {
    expect(simulate(counter("atomic")).finding).toBeNull();
  });

  it("gives what was there before", () => {
    const setup: Setup = (sim) => {
      const x = sim.atomic("x", 1);
      const found: unknown[] = [];
      sim.task("only", function* () {
        found.push(yield* x.load());
        found.push(yield* x.add(2));
        found.push(yield* x.exchange(10));
        found.push(yield* x.update((value) => value * 2));
        found.push(yield* x.compareAndSet(10, 0));
        found.push(yield* x.compareAndSet(20, Number.NaN));
        found.push(yield* x.compareAndSet(Number.NaN, 7));
        yield x.store(8);
        found.push(yield* x.load());
      });
      return () => expect(found).toEqual([1, 1, 3, 10, false, true, true, 8]);
    };
    expect(simulate(setup).finding).toBeNull();
  });

  it("reports two tasks that each wait for the other's write as a livelock", () => {
    const setup: Setup = (sim) => {
      const x = sim.atomic("x", 0);
      const swing = (own: number, other: number) =>
        function* () {
          while (!(yield* x.compareAndSet(own, other)));
          while ((yield* x.load()) !== 2);
        };
      sim.task("left", swing(0, 1));
      sim.task("right", swing(1, 0));
    };
    expect(simulate(setup, { runs: 1, stepsMax: 100 }).finding?.failure).toMatchObject({
      kind: "livelock",
      message:
        "livelock: after 200 steps, the last 100 of them shared out fairly, " +
        "these still run: left, right",
    });
  });
});
