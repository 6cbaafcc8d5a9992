import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../src/lsm/index.ts";
import { LatchworkError, runToCompletion } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import {
  bytesOfRun,
  entries,
  layouts,
  lineOf,
  openBytes,
  restOf,
  text,
  value,
} from "./run-fixture.ts";

const numRuns = budget({ short: 40, campaign: 5000 });

/** What reading a whole run comes to: its entries, or the fault. */
function readingOf(bytes: Uint8Array): string {
  try {
    return restOf(openBytes(bytes).cursor()).map(lineOf).join("; ");
  } catch (error) {
    if (error instanceof LatchworkError) return `${error.code} ${error.message}`;
    throw error;
  }
}

const IN_ONE_LINE = /^BAD_RUN run-00000001\.lsm: offset \d+: [^\n]+$/u;

const list: Entry[] = Array.from({ length: 40 }, (_, i) =>
  value(`key ${String(i).padStart(3, "0")}`, 100 + i, `value ${i}`),
);

describe("damage of a run", () => {
  it("is found whichever byte is flipped, and named with its place", () => {
    const bytes = bytesOfRun(list);
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 128]) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ bit;
        expect(readingOf(damaged)).toMatch(IN_ONE_LINE);
      }
    }
  });

  it("is found wherever the file is cut or grows", () => {
    const bytes = bytesOfRun(list);
    for (let length = 0; length < bytes.length; length++) {
      expect(readingOf(bytes.subarray(0, length))).toMatch(IN_ONE_LINE);
    }
    const longer = new Uint8Array(bytes.length + 512);
    longer.set(bytes);
    expect(readingOf(longer)).toMatch(IN_ONE_LINE);
  });

  it("is found whichever sectors were never written", () => {
    fc.assert(
      fc.property(entries, layouts, fc.nat(), fc.nat(), (made, layout, from, length) => {
        const bytes = bytesOfRun(made, layout);
        const start = from % bytes.length;
        const end = start + 1 + (length % (bytes.length - start));
        if (bytes.subarray(start, end).every((byte) => byte === 0)) return;
        expect(readingOf(bytes.slice().fill(0, start, end))).toMatch(IN_ONE_LINE);
      }),
      { numRuns: 4 * numRuns },
    );
  });

  it("is found where one block lies in the place of another", () => {
    // All blocks are alike but for their keys, and equally long.
    const run = openBytes(bytesOfRun(list));
    const bytes = bytesOfRun(list);
    const length = run.index.storedBytes(0);
    expect(run.index.storedBytes(1)).toBe(length);
    bytes.copyWithin(length, 0, length);
    expect(readingOf(bytes)).toBe(
      `BAD_RUN run-00000001.lsm: offset ${length}: the checksum of a data block is wrong`,
    );
  });

  it("does not keep what is sound from being read", () => {
    const bytes = bytesOfRun(list);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    const run = openBytes(bytes);
    const last = list[39]?.key ?? text("");
    expect(runToCompletion(run.get(last, 1000))?.seq).toBe(139);
    expect(() => runToCompletion(run.get(list[0]?.key ?? last, 1000))).toThrow(
      "run-00000001.lsm: offset 0: the checksum of a data block is wrong",
    );
  });

  it("is told from a file of another kind, and from a later format", () => {
    expect(readingOf(text("no run at all"))).toBe(
      "BAD_RUN run-00000001.lsm: offset 0: 13 bytes, expected a footer of 76",
    );
    expect(readingOf(new Uint8Array(1000))).toBe(
      "BAD_RUN run-00000001.lsm: offset 992: this is no run, or its end is missing",
    );
    const later = bytesOfRun(list);
    later[later.length - 12] = 2;
    expect(readingOf(later)).toContain("run format 2, expected 1");
  });
});
