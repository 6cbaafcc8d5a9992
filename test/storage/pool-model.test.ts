import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatchworkError } from "../../src/task/index.ts";
import { PoolBench } from "./pool-bench.ts";
import { anyCommand, anyPage, FRAMES, ModelledPool, PAGES } from "./pool-model.ts";

describe("BufferPool against a model", () => {
  it("never shows, keeps or writes anything but what the page last said", () => {
    const commandLists = fc.array(anyCommand, { maxLength: 120 });
    const holds = fc.property(fc.boolean(), commandLists, (readsAtOnce, commands) => {
      const model = new ModelledPool(readsAtOnce);
      for (const command of commands) model.run(command);
      model.settle();
    });
    expect(() => fc.assert(holds, { numRuns: 300 })).not.toThrow();
  });

  it("forgets what it could not read, whatever was read before", () => {
    fc.assert(
      fc.property(fc.array(anyPage, { maxLength: 40 }), anyPage, (before, bad) => {
        const bench = new PoolBench(PAGES);
        for (const id of before.filter((page) => page !== bad)) {
          bench.pin(id);
          bench.unpin(id);
        }
        bench.damage(bad);
        const { resident } = bench.pool.stats();
        expect(() => bench.pin(bad)).toThrow(LatchworkError);
        expect(bench.pool.stats().resident).toBe(Math.min(resident, FRAMES - 1));
        bench.damage(bad);
        bench.pin(bad);
        expect(bench.valueOf(bad)).toBe(bad);
      }),
    );
  });
});
