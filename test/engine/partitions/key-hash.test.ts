import { describe, expect, it } from "vitest";
import { partitionOfKey } from "../../../src/engine/index.ts";
import { createPrng } from "../../../src/task/index.ts";

const text = (string: string): Uint8Array => new TextEncoder().encode(string);

describe("the hash of keys", () => {
  const KEYS = 20_000;
  const prng = createPrng(7);
  const kinds: Record<string, (i: number) => Uint8Array> = {
    "sequential in text": (i) => text(`user:${String(i).padStart(8, "0")}`),
    "sequential in bytes": (i) => Uint8Array.of(i >>> 24, i >>> 16, i >>> 8, i),
    "even numbers in bytes": (i) => Uint8Array.of(0, i >>> 15, i >>> 7, i << 1),
    "clustered: 100 orders of each customer": (i) =>
      text(`c${Math.floor(i / 100)}/order${i % 100}`),
    "times of day": (i) => text(`2026-11-30T13:${String(i % 60).padStart(2, "0")}:00.${i}Z`),
    random: () => Uint8Array.from({ length: 16 }, () => prng.below(256)),
  };

  it.each(Object.keys(kinds))("fills partitions alike with keys that are %s", (kind) => {
    for (const partitions of [2, 3, 4, 7, 8, 16, 64]) {
      const counts = Array.from({ length: partitions }, () => 0);
      for (let i = 0; i < KEYS; i++) {
        const index = partitionOfKey(kinds[kind]?.(i) ?? text(""), partitions);
        counts[index] = (counts[index] ?? 0) + 1;
      }
      const mean = KEYS / partitions;
      // Five standard deviations of what keys placed by chance would give.
      const most = 5 * Math.sqrt(mean);
      for (const count of counts) expect(Math.abs(count - mean)).toBeLessThan(most);
    }
  });
});
