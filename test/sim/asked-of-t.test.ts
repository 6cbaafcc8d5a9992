import { describe, expect, it } from "vitest";
import {
  type AsyncContext,
  type Setup,
  simulate,
  simulateAsync,
  type Simulation,
  type Task,
} from "../../src/sim/index.ts";

describe("what an async task asks for through t", () => {
  const advice = "(every other step is taken by t.run)";
  it.each<[string, string, (t: AsyncContext, sim: Simulation) => unknown]>([
    ["read 5", "a variable of sim.shared", (t) => t.read(unknown(5))],
    ["read undefined", "a variable of sim.shared", (t) => t.read(unknown(undefined))],
    [
      "write an Atomic",
      "a variable of sim.shared",
      (t, sim) => t.write(unknown(sim.atomic("a", 0)), unknown(1)),
    ],
    ["lock undefined", "one of sim.mutex", (t) => t.lock(unknown(undefined))],
    ["lock a LockStep", "one of sim.mutex", (t, sim) => t.lock(unknown(sim.mutex("m").lock()))],
    ["wait on 5", "one of sim.condition", (t, sim) => t.wait(unknown(5), sim.mutex("m"))],
    ["wait with 5", "one of sim.mutex", (t, sim) => t.wait(sim.condition("c"), unknown(5))],
    ["join a CallStep", "the handle of a task", (t, sim) => t.join(unknown(child(sim)))],
  ])("is told in words: asks to %s", async (asked, expected, ask) => {
    const setup: Setup = (sim) => {
      sim.asyncTask("odd", async (t) => {
        try {
          await ask(t, sim);
        } catch {
          // Whoever catches everything passes over nothing.
        }
      });
    };
    const { finding } = await simulateAsync(setup);
    const message = `escape: odd asks to ${asked}; expected ${expected} ${advice}`;
    expect(finding?.failure).toMatchObject({ kind: "escape", message, task: 0 });
    expect(finding?.failure.stack?.[0]).toMatch(/\btest\/sim\/asked-of-t\.test\.ts:\d+:\d+/);
  });

  it("is told in words if a block finds it: a wait without a mutex, an upgrade without a guard", () => {
    const failing = (code: (sim: Simulation) => Task<void>): unknown =>
      simulate((sim) => void sim.task("odd", () => code(sim))).finding?.failure.message;
    const waits = failing(function* (sim) {
      yield* sim.condition("c").wait(unknown(undefined));
    });
    expect(waits).toBe("LatchworkError: wait on c: expected a mutex, found undefined");
    const upgrades = failing(function* (sim) {
      yield sim.readWriteLatch("l").upgrade(unknown(5));
    });
    expect(upgrades).toBe("LatchworkError: upgrade of l: expected a guard, found 5");
  });
});

/** A value that a compiler would refuse. */
function unknown(value: unknown): never {
  return value as never;
}

function child(sim: Simulation): unknown {
  return sim.spawn("child", function* () {});
}
