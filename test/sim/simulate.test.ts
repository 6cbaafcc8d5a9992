import { describe, expect, it } from "vitest";
import { replay, type Setup, simulate, type Simulation } from "../../src/sim/index.ts";
import type { Step } from "../../src/task/index.ts";

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
      stack: ["test/sim/simulate.test.ts:14:31"],
      places: [{ text: "test/sim/simulate.test.ts:14:31", isCause: false }],
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

  it("takes strategies by name, and says how far each came", () => {
    const verdict = simulate(lostUpdate, { strategy: ["dfs:0", "round-robin"], keepGoing: true });
    expect(verdict.coverage).toMatchObject([
      { strategy: "dfs:0", exhausted: true, preemptionBound: 0, schedules: 2 },
      { strategy: "round-robin" },
    ]);
    expect(simulate(lostUpdate, { strategy: "dfs:0" }).finding).toBeNull();
    expect(simulate(lostUpdate, { strategy: "dfs:1" }).finding?.preemptions).toBe(1);
    expect(() => simulate(lostUpdate, { strategy: "luck" })).toThrow('found "luck"');
  });

  it("repeats itself for the same seed", () => {
    const options = { strategy: "random", keepGoing: true, runs: 50 };
    expect(simulate(abba, { ...options, seed: 3 })).toEqual(
      simulate(abba, { ...options, seed: 3 }),
    );
  });

  it("stops when it is told to, with a partial verdict", () => {
    let asked = 0;
    const shouldStop = (): boolean => asked++ > 0;
    const verdict = simulate(abba, { strategy: "random", keepGoing: true, shouldStop });
    expect(verdict).toMatchObject({ interrupted: true, runs: 1 });
    const none = simulate(abba, { strategy: "random", shouldStop: () => true });
    expect(none).toMatchObject({ interrupted: true, finding: null, runs: 0 });
  });

  it("calls the setup anew for each run", () => {
    let calls = 0;
    const verdict = simulate(
      (sim) => {
        calls++;
        sim.task("only", function* () {});
      },
      { strategy: "random", runs: 5 },
    );
    expect([calls, verdict.runs]).toEqual([5, 5]);
  });

  it("passes on what the setup throws, and wants a task", () => {
    expect(() =>
      simulate(() => {
        throw new RangeError("no");
      }),
    ).toThrow(RangeError);
    expect(() => simulate(() => undefined)).toThrow("the setup declares no task");
  });

  it.each([
    [
      "a generator without its star",
      (sim: Simulation) => {
        const [c, m] = [sim.condition("c"), sim.mutex("m")];
        sim.task("only", function* () {
          yield c.wait(m) as unknown as Step;
        });
      },
      "before its first step: a generator; it needs yield*",
    ],
    [
      "nothing",
      (sim: Simulation) => {
        sim.task("only", function* () {
          yield sim.sleep(0);
          yield undefined as unknown as Step;
        });
      },
      "after its step 1 (sleep 0 ms): undefined; " +
        "what releases (unlock, release) is a plain call, without yield",
    ],
  ])("says what is wrong with yielding %s", (_, setup, hint) => {
    expect(simulate(setup).finding?.failure).toMatchObject({
      kind: "exception",
      message: `TypeError: only yields what is no step, ${hint}`,
    });
  });
});

describe("replay", () => {
  it("tells a run by names, and by numbers", () => {
    expect(replay(lostUpdate, "ab2a")).toEqual({
      failure: {
        kind: "wrong-result",
        message: "Error: x is 1, expected 2",
        task: null,
        stack: ["test/sim/simulate.test.ts:14:31"],
        places: [{ text: "test/sim/simulate.test.ts:14:31", isCause: false }],
      },
      steps: 4,
      drift: null,
      schedule: "ab2a",
      story: [
        "   0  left   reads x: 0",
        "   1  right  reads x: 0",
        "   2  right  writes x: 1",
        "   3  left   writes x: 1",
        "!! wrong-result: Error: x is 1, expected 2",
        "     at test/sim/simulate.test.ts:14:31",
        "",
      ].join("\n"),
      slice: [
        "   0  left   reads x: 0",
        "   1  right  reads x: 0",
        "   2  right  writes x: 1",
        "   3  left   writes x: 1",
        "",
      ].join("\n"),
      trace: "0 a read #1 taken\n1 b read #1 taken\n2 b write #1 taken\n3 a write #1 taken\n",
    });
  });

  it.each([
    ["a2b", "decision 3: expected the end, found task b (right)"],
    ["a3b", "decision 2: expected task a (left), found task b (right)"],
    ["a2b2c", "decision 4: expected task c (no such task), found the end"],
    ["=1a2b2", "decision 0: expected the value 1, found task a (left)"],
  ])("reports where it had to leave %s", (schedule, drift) => {
    expect(replay(lostUpdate, schedule).drift).toBe(drift);
  });

  it("shows a warning again, of a run that went well", () => {
    const { finding, schedule } = simulate(abba, { strategy: "dfs:0" });
    expect(finding?.failure.kind).toBe("potential-deadlock");
    const again = replay(abba, schedule ?? "");
    expect(again.failure).toEqual(finding?.failure);
    expect(again.story).toContain("!! potential deadlock: this run went well, but");
  });

  it("runs twice if it is told to", () => {
    let calls = 0;
    const odd: Setup = (sim) => {
      const steps = 1 + (calls++ % 2);
      sim.task("only", function* () {
        for (let i = 0; i < steps; i++) yield sim.sleep(0);
      });
    };
    const { finding, schedule } = simulate(odd, { checkDeterminism: true });
    const again = replay(odd, schedule ?? "", { checkDeterminism: true });
    expect(again.failure).toEqual(finding?.failure);
    expect(again.failure?.kind).toBe("nondeterminism");
  });

  it("refuses what is no schedule", () => {
    expect(() => replay(lostUpdate, "a-b")).toThrow('schedule: unexpected "-" at character 2');
  });
});
