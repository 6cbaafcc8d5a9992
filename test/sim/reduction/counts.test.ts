import { describe, expect, it } from "vitest";
import {
  type Program,
  ReductionStrategy,
  Scheduler,
  type Setup,
  SetupProgram,
} from "../../../src/sim/index.ts";
import { ACCESS_READ, ACCESS_WRITE } from "../../../src/task/index.ts";
import {
  type BareTask,
  BareProgram,
  criticalSections,
  philosophers,
  stripedSections,
} from "../anchors/bare.ts";
import { IS_CAMPAIGN } from "../../campaign.ts";
import { explored } from "./explored.ts";

/** How many runs there are; each must be another order, and none may be given up. */
function count(program: Program): { readonly runs: number; readonly failures: number } {
  const strategy = new ReductionStrategy();
  const found = explored(program, strategy, 10_000, { releaseSteps: true });
  if (found === null) throw new RangeError("more than 10,000 runs");
  expect({ repeated: found.repeated.length, abandoned: found.abandoned }).toEqual({
    repeated: 0,
    abandoned: 0,
  });
  expect(found.hashes.size).toBe(found.runs);
  expect(strategy.coverage().exhausted).toBe(true);
  const failures = [...found.orders.values()].filter((kind) => kind !== "none").length;
  return { runs: found.runs, failures };
}

/** The same of more runs, whose orders are told apart by their hashes alone. */
function countByHash(program: Program): number {
  const scheduler = new Scheduler({ releaseSteps: true });
  const strategy = new ReductionStrategy();
  const hashes = new Set<number>();
  let givenUp = 0;
  while (strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    hashes.add(result.orderHash);
    if (result.abandoned) givenUp++;
  }
  expect({ givenUp, orders: hashes.size }).toEqual({ givenUp: 0, orders: strategy.counts.runs });
  expect(strategy.coverage().exhausted).toBe(true);
  return strategy.counts.runs;
}

/** POPL'14: one writes a variable that the others read. */
function readers(readerCount: number): BareProgram {
  const reader: BareTask = function* (bare) {
    yield bare.touch(0, ACCESS_READ);
  };
  const writer: BareTask = function* (bare) {
    yield bare.touch(0, ACCESS_WRITE);
  };
  return new BareProgram([writer, ...Array.from({ length: readerCount }, () => reader)]);
}

/** POPL'14: one looks for the last zero of an array, while the others each fill one place. */
const lastZero =
  (length: number): Setup =>
  (sim) => {
    const array = Array.from({ length: length + 1 }, (_, i) => sim.shared(`a${i}`, 0));
    sim.task("searches", function* () {
      for (let i = length; i >= 0; i--) {
        const place = array[i];
        if (place === undefined || (yield* place.read()) === 0) return;
      }
    });
    for (let i = 1; i <= length; i++) {
      sim.task(`fills ${i}`, function* () {
        const [before, place] = [array[i - 1], array[i]];
        if (before === undefined || place === undefined) return;
        yield place.write((yield* before.read()) + 1);
      });
    }
  };

/** POPL'14: each puts four numbers into a hash table; with 11 tasks or fewer none collide. */
const indexer =
  (tasks: number): Setup =>
  (sim) => {
    const table = Array.from({ length: 128 }, (_, i) => sim.atomic(`t${i}`, 0));
    for (let task = 0; task < tasks; task++) {
      sim.task(`t${task}`, function* () {
        for (let m = 1; m <= 4; m++) {
          const word = m * 11 + task;
          for (let hash = (word * 7) % 128; ; hash = (hash + 1) % 128) {
            const place = table[hash];
            if (place === undefined || (yield* place.compareAndSet(0, word))) break;
          }
        }
      });
    }
  };

describe("one run for each happens-before order", () => {
  it.each([
    [1, 2],
    [2, 6],
    [3, 20],
    [4, 70],
    [5, 252],
    [6, 924],
  ])("W3: two tasks, %i sections each: %i", (rounds, runs) => {
    expect(count(criticalSections(2, rounds))).toEqual({ runs, failures: 0 });
  });

  it.each([
    [1, 2],
    [2, 22],
    [3, 200],
    [4, 2212],
  ])("W1: three tasks, %i sections each on two latches: %i", (rounds, runs) => {
    expect(count(stripedSections(3, rounds, 2))).toEqual({ runs, failures: 0 });
  });

  it.each([
    [2, 3],
    [3, 7],
    [4, 15],
    [5, 31],
  ])("philosophers %i: %i, one a deadlock", (n, runs) => {
    expect(count(philosophers(n))).toEqual({ runs, failures: 1 });
  });

  it.each([1, 2, 5, 8])("readers(%i): 2 to that power", (n) => {
    expect(count(readers(n)).runs).toBe(2 ** n);
  });

  // 2^(N - 2) (N + 3): 64 for 5, 3,328 for 10, as published.
  it.each([
    [2, 5],
    [5, 64],
    [7, 320],
  ])("lastzero(%i): %i", (n, runs) => {
    expect(count(new SetupProgram(lastZero(n))).runs).toBe(runs);
  });

  it.each([
    [11, 1],
    [12, 8],
    [13, 64],
  ])("indexer(%i): %i", (tasks, runs) => {
    expect(count(new SetupProgram(indexer(tasks))).runs).toBe(runs);
  });

  // As published.
  it.each([
    ["lastzero(10)", 3328, new SetupProgram(lastZero(10))],
    ["indexer(14)", 512, new SetupProgram(indexer(14))],
  ])("%s: %i", (_, runs, program) => {
    expect(countByHash(program)).toBe(runs);
  });

  it.runIf(IS_CAMPAIGN).each([
    ["lastzero(15)", 147_456, new SetupProgram(lastZero(15))],
    ["indexer(15)", 4096, new SetupProgram(indexer(15))],
  ])(
    "%s: %i",
    (_, runs, program) => {
      expect(countByHash(program)).toBe(runs);
    },
    900_000,
  );

  it("spawned and joined tasks are no more than those that were there", () => {
    const program = new SetupProgram((sim) => {
      const m = sim.mutex("m");
      for (const name of ["a", "b"]) {
        sim.task(name, function* () {
          for (let i = 0; i < 3; i++) {
            yield m.lock();
            m.unlock();
          }
        });
      }
    }, "spawn");
    expect(count(program).failures).toBe(0);
  });
});
