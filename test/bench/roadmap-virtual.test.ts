import { describe, expect, it } from "vitest";
import { type Growth, renderGrowths } from "../../bench/roadmap-table.ts";
import { FAST_DISK, growVirtually, randomKeys, SLOW_DISK } from "../../bench/roadmap-virtual.ts";
import { BASELINE, type Combination, COMBINATIONS } from "../../bench/roadmap-ways.ts";

const KEYS = 400;
const KEYS_A_FRAME = 40;

function growAll(disk: typeof FAST_DISK): Growth[] {
  const keys = randomKeys(KEYS, 1);
  const poolFrames = KEYS / KEYS_A_FRAME;
  return COMBINATIONS.map((combination) =>
    growVirtually({ combination, disk, keys, writers: 16, poolFrames }),
  );
}

describe("the roadmap's table in virtual time", () => {
  it("is the same on every machine, byte for byte", async () => {
    const tables = [FAST_DISK, SLOW_DISK].map(
      (disk) => `${disk.name}\n\n${renderGrowths(growAll(disk))}\n`,
    );
    // After a change that is meant to change it: npx vitest run test/bench --update
    await expect(tables.join("\n")).toMatchFileSnapshot("roadmap-virtual.txt");
  });

  it("shows the baseline near 40 writes a second on the slow disk, and each way above", () => {
    const keys = randomKeys(200, 1);
    const run = { disk: SLOW_DISK, keys, writers: 16, poolFrames: 16 };
    const rateOf = (combination: Combination): number => {
      const { quarters, errors } = growVirtually({ ...run, combination });
      expect(errors).toBe(0);
      return quarters[0]?.writesPerSecond ?? 0;
    };
    const baseline = rateOf(BASELINE);
    expect(baseline).toBeGreaterThan(35);
    expect(baseline).toBeLessThan(45);
    expect(rateOf({ ways: [2], commit: "window" })).toBeGreaterThan(2 * baseline);
    expect(rateOf({ ways: [3], commit: "window" })).toBeGreaterThan(5 * baseline);
    expect(rateOf({ ways: [4], commit: "window" })).toBeGreaterThan(10 * baseline);
  });
});
