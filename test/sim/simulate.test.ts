import { describe, expect, it } from "vitest";
import { replay, type Setup, simulate } from "../../src/sim/index.ts";

const lostUpdate: Setup = (sim) => {
  const x = sim.shared("x", 0);
  for (const name of ["left", "right"]) {
    sim.task(name, function* () {
      const v = yield* x.read();
      yield x.write(v + 1);
    });
  }
  return () => {
    if (x.peek() !== 2) throw new Error(`x is ${x.peek()}, expected 2`);
  };
};

const abba: Setup = (sim) => {
  const a = sim.mutex("a");
  const b = sim.mutex("b");
  sim.task("left", function* () {
    yield a.lock();
    yield b.lock();
    b.unlock();
    a.unlock();
  });
  sim.task("right", function* () {
    yield b.lock();
    yield a.lock();
    a.unlock();
    b.unlock();
  });
};

describe("simulate", () => {
  it("finds a lost update and replays it", () => {
    const verdict = simulate(lostUpdate);
    expect(verdict.finding?.failure).toEqual({
      kind: "wrong-result",
      message: "Error: x is 1, expected 2",
      task: null,
    });
    const again = replay(lostUpdate, verdict.schedule ?? "");
    expect(again.failure).toEqual(verdict.finding?.failure);
    expect(again.drift).toBeNull();
  });

  it("names the mutexes and tasks of a deadlock", () => {
    expect(replay(abba, "ab").failure?.message).toBe(
      [
        "deadlock: right -> left -> right",
        "  right waits to lock a, behind left; holds b",
        "  left waits to lock b, behind right; holds a",
      ].join("\n"),
    );
  });

  it("finds the deadlock at random", () => {
    expect(simulate(abba).finding?.failure.kind).toBe("deadlock");
    expect(simulate(abba, { start: "spawn" }).finding?.failure.kind).toBe("deadlock");
  });
});
