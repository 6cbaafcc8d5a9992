import { describe, expect, it } from "vitest";
import { type Setup, simulate } from "../../src/sim/index.ts";

/** Three tasks, each k times, on two mutexes by turns. */
function turns(k: number): Setup {
  return (sim) => {
    const mutexes = [sim.mutex("even"), sim.mutex("odd")] as const;
    for (let t = 0; t < 3; t++) {
      sim.task(`task ${t}`, function* () {
        for (let i = 0; i < k; i++) {
          const mutex = mutexes[(t + i) % 2 === 0 ? 0 : 1];
          yield mutex.lock();
          mutex.unlock();
        }
      });
    }
  };
}

/** Two tasks, each n times, on one mutex. */
function duel(n: number): Setup {
  return (sim) => {
    const m = sim.mutex("m");
    for (const name of ["left", "right"]) {
      sim.task(name, function* () {
        for (let i = 0; i < n; i++) {
          yield m.lock();
          m.unlock();
        }
      });
    }
  };
}

const all = { strategy: "dfs", runs: 1_000_000 };

// The numbers of classes are Mazurkiewicz traces, counted by brute force without a simulator.
describe("distinct orders", () => {
  it.each([
    [1, 2],
    [2, 22],
    [3, 200],
    [4, 2212],
  ])("of three tasks with %i turns on two mutexes are %i", (k, classes) => {
    const verdict = simulate(turns(k), all);
    expect(verdict.coverage[0]?.exhausted).toBe(true);
    expect(verdict.distinctOrders).toBe(classes);
  });

  it.each([
    [1, 2],
    [2, 6],
    [3, 20],
    [4, 70],
    [8, 12_870],
  ])("of two tasks with %i turns on one mutex are %i, one a run", (n, classes) => {
    expect(simulate(duel(n), all)).toMatchObject({ runs: classes, distinctOrders: classes });
  });
});
