import { describe, expect, it } from "vitest";
import {
  checkDeterminism,
  parseSchedule,
  type Setup,
  SetupProgram,
  simulate,
  simulateAsync,
} from "../../src/sim/index.ts";

/** A program whose second task does something else each time the program is run. */
function withHiddenState(): Setup {
  let calls = 0;
  return (sim) => {
    const x = sim.shared("x", 0);
    const isOdd = calls++ % 2 === 1;
    sim.task("left", function* () {
      yield x.write(1);
    });
    sim.task("right", function* () {
      yield x.read();
      if (isOdd) yield x.read();
      else yield x.write(2);
    });
  };
}

const message =
  'nondeterminism: two runs along one schedule differ: at step 2 the first had "right: write x", ' +
  'the second "right: read x"; something outside of the simulation decides what the program does';

describe("the determinism check", () => {
  it("names the first step that differs", () => {
    const program = new SetupProgram(withHiddenState());
    expect(checkDeterminism(program, parseSchedule("ab2"))).toEqual({
      kind: "nondeterminism",
      message,
      task: null,
    });
  });

  it("is an option of simulate", () => {
    const verdict = simulate(withHiddenState(), { checkDeterminism: true });
    expect(verdict.runs).toBe(1);
    expect(verdict.finding?.failure.kind).toBe("nondeterminism");
    expect(simulate(withHiddenState(), { runs: 20 }).finding).toBeNull();
  });

  it("is an option of simulateAsync", async () => {
    const verdict = await simulateAsync(withHiddenState(), { checkDeterminism: true });
    expect(verdict.finding?.failure.kind).toBe("nondeterminism");
  });

  it("notices a run that is cut short, and one that only ends differently", () => {
    let calls = 0;
    const shorter: Setup = (sim) => {
      const steps = calls++ === 0 ? 2 : 1;
      sim.task("only", function* () {
        for (let i = 0; i < steps; i++) yield sim.sleep(0);
      });
    };
    expect(simulate(shorter, { checkDeterminism: true }).finding?.failure.message).toContain(
      'at step 1 the first had "only: sleep 0 ms", the second "the end of the run"',
    );
    const ending: Setup = (sim) => {
      const fails = calls++ % 2 === 0;
      sim.task("only", function* () {
        yield sim.sleep(0);
      });
      return () => {
        if (fails) throw new Error("by chance");
      };
    };
    expect(simulate(ending, { checkDeterminism: true }).finding?.failure.message).toContain(
      'the first ended with "wrong-result: Error: by chance", the second "no failure"',
    );
  });

  it("passes programs that draw their chances from the schedule", () => {
    const setup: Setup = (sim) => {
      const x = sim.shared("x", 0);
      for (const name of ["left", "right"]) {
        sim.task(name, function* () {
          yield x.write(sim.choose(10));
          if ((yield* x.read()) > 5) yield sim.sleep(sim.choose(3));
        });
      }
    };
    expect(simulate(setup, { checkDeterminism: true, runs: 200 }).finding).toBeNull();
  });
});
