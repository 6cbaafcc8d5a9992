import { describe, expect, it } from "vitest";
import { COMBINATIONS, type Growth, renderGrowths } from "../../bench/roadmap-table.ts";
import { FAST_DISK, growVirtually, randomKeys, SLOW_DISK } from "../../bench/roadmap-virtual.ts";

const KEYS = 800;
const KEYS_A_FRAME = 40;

function growAll(disk: typeof FAST_DISK): Growth[] {
  const keys = randomKeys(KEYS, 1);
  const poolFrames = KEYS / KEYS_A_FRAME;
  return COMBINATIONS.map((combination) =>
    growVirtually({ ...combination, disk, keys, writers: 16, poolFrames }),
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

  it("shows the baseline near 40 writes a second on the slow disk, and crabbing far above", () => {
    const keys = randomKeys(200, 1);
    const run = { disk: SLOW_DISK, keys, writers: 16, poolFrames: 16 };
    const rates = ["tree-mutex-durable", "crabbing"].map((protocol) => {
      const { quarters, errors } = growVirtually({ ...run, protocol, policy: "window" });
      expect(errors).toBe(0);
      return quarters[0]?.writesPerSecond ?? 0;
    });
    expect(rates[0]).toBeGreaterThan(35);
    expect(rates[0]).toBeLessThan(45);
    expect(rates[1]).toBeGreaterThan(10 * (rates[0] ?? 0));
  });
});
