import { describe, expect, it } from "vitest";
import { unseenOrders } from "../../src/sim/index.ts";
import { OrderCensus } from "../../src/sim/order-census.ts";
import { createPrng } from "../../src/task/index.ts";

describe("a census of orders", () => {
  it("counts what a map counts", () => {
    const prng = createPrng("census");
    const census = new OrderCensus();
    const counts = new Map<number, number>();
    for (let i = 0; i < 5_000; i++) {
      // Some come often, most hardly ever; they differ in their high or their low digits.
      const low = prng.below(2) === 0 ? prng.below(40) : prng.below(100_000);
      const order = prng.below(3) === 0 ? low : low * 2 ** 33 + 5;
      const seen = counts.get(order) ?? 0;
      counts.set(order, seen + 1);
      expect(census.add(order)).toBe(seen === 0);
    }
    const seen = (times: number): number =>
      [...counts.values()].filter((count) => count === times).length;
    expect([census.size, census.once, census.twice]).toEqual([counts.size, seen(1), seen(2)]);
    expect(census.size).toBeGreaterThan(1_024);
  });
});

describe("the estimate of unseen orders", () => {
  it("is that of the formulas", () => {
    const counts = { runs: 100, ordersSeenOnce: 20, ordersSeenTwice: 9 };
    expect(unseenOrders(counts)).toEqual({ atLeast: (99 / 100) * 19, newShare: 0.2 });
    const none = { runs: 100, ordersSeenOnce: 0, ordersSeenTwice: 0 };
    expect(unseenOrders(none)).toEqual({ atLeast: 0, newShare: 0 });
    expect(unseenOrders({ ...none, runs: 0 })).toEqual({ atLeast: 0, newShare: 0 });
  });

  it("is right of classes that are as likely, on the average", () => {
    const prng = createPrng("unseen");
    const classes = 400;
    let sum = 0;
    let shares = 0;
    for (let i = 0; i < 200; i++) {
      const census = new OrderCensus();
      for (let run = 0; run < 300; run++) census.add(prng.below(classes));
      const { size, once, twice } = census;
      const unseen = unseenOrders({ runs: 300, ordersSeenOnce: once, ordersSeenTwice: twice });
      sum += size + unseen.atLeast;
      shares += unseen.newShare - (classes - size) / classes;
    }
    // Drawn from a seed; the standard errors of these means are 2.5 and 0.002.
    expect(Math.abs(sum / 200 - classes)).toBeLessThan(12);
    expect(Math.abs(shares / 200)).toBeLessThan(0.01);
  });
});
