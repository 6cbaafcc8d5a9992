import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schedules } from "../../src/sim/fast-check.ts";
import { DrawnStrategy, type Setup, simulate } from "../../src/sim/index.ts";

/** Adds amounts to a total, each reading it and then writing it back. */
function adding(amounts: readonly number[]): Setup {
  return (sim) => {
    const total = sim.shared("total", 0);
    for (const amount of amounts) {
      sim.task(`add ${amount}`, function* () {
        const before = yield* total.read();
        yield total.write(before + amount);
      });
    }
    return () => {
      const expected = amounts.reduce((sum, amount) => sum + amount, 0);
      if (total.peek() !== expected) throw new Error(`expected ${expected}`);
    };
  };
}

function holds(amounts: readonly number[], strategy: DrawnStrategy): boolean {
  return simulate(adding(amounts), { strategy }).finding === null;
}

const amounts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe("schedules drawn by fast-check", () => {
  it.each([1, 2, 3, 4, 5])("shrink together with the program they run, seed %i", (seed) => {
    const outcome = fc.check(fc.property(amounts, schedules(), holds), { seed });
    expect(outcome.failed).toBe(true);
    const [program, strategy] = outcome.counterexample ?? [];
    expect(program).toEqual([1, 1]);
    // The first task reads, the other one goes on from there: one preemption.
    expect(String(strategy)).toMatch(/^new DrawnStrategy\(\[(?:0, )?1\]\)$/);
    const again = simulate(adding(program ?? []), {
      strategy: new DrawnStrategy(strategy?.numbers ?? []),
    });
    expect(again.finding?.preemptions).toBe(1);
  });

  it("find nothing where nothing is shared", () => {
    const property = fc.property(fc.constant([5]), schedules(), holds);
    expect(fc.check(property, { seed: 1 }).failed).toBe(false);
  });

  it("reach every interleaving", () => {
    const seen = new Set<string>();
    for (const strategy of fc.sample(schedules({ choicesMax: 8, optionsMax: 2 }), {
      numRuns: 2000,
      seed: 1,
    })) {
      const verdict = simulate(
        (sim) => {
          for (const name of ["left", "right"]) {
            sim.task(name, function* () {
              yield sim.sleep(0);
              yield sim.sleep(0);
            });
          }
          return () => {
            throw new Error("so that the schedule is kept");
          };
        },
        { strategy },
      );
      seen.add(verdict.schedule ?? "");
    }
    expect([...seen].toSorted()).toEqual(
      ["a2b2", "abab", "ab2a", "b2a2", "ba2b", "baba"].toSorted(),
    );
  });
});
