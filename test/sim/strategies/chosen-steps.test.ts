import { describe, expect, it } from "vitest";
import type { Program } from "../../../src/sim/scheduler.ts";
import { parseStrategy } from "../../../src/sim/strategies/index.ts";
import { ACCESS_READ, ACCESS_WRITE, createPrng } from "../../../src/task/index.ts";
import { BareProgram, type BareTask } from "../anchors/bare.ts";
import { record } from "./record.ts";

const X = 99;

/** A task that writes x `writes` times, and takes `between` steps of its own before each. */
function writer(own: number, writes: number, between: number, onWrite: () => void): BareTask {
  return function* (bare) {
    for (let i = 0; i < writes; i++) {
      for (let j = 0; j < between; j++) yield bare.touch(own, ACCESS_READ);
      yield bare.touch(X, ACCESS_WRITE);
      onWrite();
    }
  };
}

/** Two tasks that write x, and the letters of who wrote when. */
function writers(
  writes: readonly [number, number],
  between: readonly [number, number],
): { readonly program: Program; readonly orders: string[] } {
  const orders: string[] = [];
  let order = "";
  const bodies = [0, 1].map((id) =>
    writer(id, writes[id] ?? 0, between[id] ?? 0, () => {
      order += "ab"[id];
    }),
  );
  const program = new BareProgram(
    bodies,
    () => {
      order = "";
    },
    () => {
      orders.push(order);
      return null;
    },
  );
  return { program, orders };
}

function chiSquare(seen: readonly string[], outcomes: number): number {
  const counts = new Map<string, number>();
  for (const one of seen) counts.set(one, (counts.get(one) ?? 0) + 1);
  const expected = seen.length / outcomes;
  let sum = (outcomes - counts.size) * expected;
  for (const count of counts.values()) sum += (count - expected) ** 2 / expected;
  return sum;
}

/** How often the first task writes first. */
function firstShare(name: string, between: number, runs: number): number {
  const { program, orders } = writers([1, 1], [between, 0]);
  record(program, parseStrategy(name, createPrng("first")), runs);
  return orders.filter((order) => order === "ab").length / runs;
}

describe("SURW", () => {
  const RUNS = 20_000;
  const OUTCOMES = 20; // C(6, 3)

  it.each(["surw:object", "surw:writes", "surw"])(
    "%s is uniform over the orders of what interests it",
    (name) => {
      // One task does a lot beside its writes, which must not make it any later.
      const { program, orders } = writers([3, 3], [7, 0]);
      record(program, parseStrategy(name, createPrng("uniform")), RUNS);
      // The first runs only learn. 99.5 % point, 19 degrees of freedom.
      expect(chiSquare(orders.slice(20), OUTCOMES)).toBeLessThan(38.6);
    },
  );

  it.each(["random", "urw"])("%s is not", (name) => {
    const { program, orders } = writers([3, 3], [7, 0]);
    record(program, parseStrategy(name, createPrng("uniform")), RUNS);
    expect(chiSquare(orders.slice(20), OUTCOMES)).toBeGreaterThan(10_000);
  });

  it("draws among the objects that two tasks touch, one to write", () => {
    // The same steps, but nobody meets: nothing is interesting, and no run is held up for it.
    const apart = new BareProgram([writer(0, 0, 0, () => {}), writer(1, 3, 7, () => {})]);
    const runs = record(apart, parseStrategy("surw", createPrng(1)), 50);
    expect(runs.every(({ failed }) => !failed)).toBe(true);
  });

  it("goes on where those who are not held back wait for those who are", () => {
    // Each needs the latch and then x; whoever has the latch may not be whose turn at x it is.
    const latched: BareTask = function* (bare) {
      for (let i = 0; i < 3; i++) {
        yield* bare.lock(0);
        yield bare.touch(X, ACCESS_WRITE);
        bare.unlock(0);
      }
    };
    for (const name of ["surw", "surw:writes"]) {
      const runs = record(
        new BareProgram([latched, latched, latched]),
        parseStrategy(name, createPrng(1)),
        2000,
      );
      expect(runs.filter(({ failed }) => failed)).toEqual([]);
      expect(new Set(runs.map(({ schedule }) => schedule)).size).toBeGreaterThan(100);
    }
  });
});

describe("POS", () => {
  it("lets a task with a long way to go come first as often as its rule says", () => {
    // Ten draws must all lie above the one of the other's write: 1 in 11. Of a walk: 1 in 1024.
    const RUNS = 20_000;
    const share = firstShare("pos", 9, RUNS);
    const deviation = Math.sqrt(((1 / 11) * (10 / 11)) / RUNS);
    expect(Math.abs(share - 1 / 11)).toBeLessThan(4 * deviation);
    expect(firstShare("random", 9, RUNS)).toBeLessThan(0.01);
  });

  it("draws anew for those that raced with the step taken", () => {
    // Had b's second write kept its place behind a's first, "abab" would be as rare as "aabb".
    const { program, orders } = writers([2, 2], [0, 0]);
    record(program, parseStrategy("pos", createPrng(1)), 24_000);
    // With new draws at each step it is a random walk: 1/4 for aabb and bbaa, 1/8 for the others.
    const shareOf = (order: string): number =>
      orders.filter((one) => one === order).length / orders.length;
    for (const [order, share] of Object.entries({ aabb: 1 / 4, bbaa: 1 / 4, abab: 1 / 8 })) {
      expect(Math.abs(shareOf(order) - share)).toBeLessThan(0.012);
    }
  });
});
