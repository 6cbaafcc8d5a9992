import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockCache, checkRun, openRun, type Run, writeRun } from "../../../src/lsm/run/index.ts";
import type { Entry } from "../../../src/lsm/index.ts";
import { crc32, MemoryDisk } from "../../../src/storage/index.ts";
import { DIRECT_HOST, runToCompletion, type Task } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import {
  bytesOfRun,
  entries,
  layouts,
  openBytes,
  restOf,
  RUN_NAME,
  TINY,
  tombstone,
  value,
} from "./run-fixture.ts";
import { moves, SortedCursor, wayOf } from "./sorted-cursor.ts";

const numRuns = budget({ short: 100, campaign: 10_000 });

const problemsOf = (run: Run): readonly string[] => runToCompletion(checkRun(run));

const list: Entry[] = [
  ...Array.from({ length: 20 }, (_, i) => value(`key ${100 + i}`, 20 + i, "some value")),
  tombstone("key 2", 50),
];

/** Makes the checksum of the footer, or of the first block, right again. */
function seal(bytes: Uint8Array, from: number, length: number): void {
  const view = new DataView(bytes.buffer);
  view.setUint32(from + length, crc32(bytes.subarray(from, from + length)), true);
}

describe("a check of a run", () => {
  it("finds nothing wrong with what a builder makes", () => {
    fc.assert(
      fc.property(entries, layouts, (made, layout) => {
        expect(problemsOf(openBytes(bytesOfRun(made, layout)))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("names each block that is damaged, and goes on", () => {
    const bytes = bytesOfRun(list);
    const { index } = openBytes(bytes);
    for (const block of [1, 4]) {
      const at = index.offsetOf(block) + 3;
      bytes[at] = (bytes[at] ?? 0) ^ 4;
    }
    expect(problemsOf(openBytes(bytes))).toEqual(
      [1, 4].map(
        (block) =>
          `run-00000001.lsm: offset ${index.offsetOf(block)}: ` +
          "the checksum of a data block is wrong",
      ),
    );
  });

  it("sees that entries are out of order, or not where the index seeks them", () => {
    const bytes = bytesOfRun(list);
    const { index } = openBytes(bytes);
    // The last byte of the first key, `key 100`, becomes another.
    bytes[10] = "z".charCodeAt(0);
    seal(bytes, 0, index.storedBytes(0) - 4);
    const at = "run-00000001.lsm: offset 0: a data block";
    expect(problemsOf(openBytes(bytes))).toEqual([
      `${at}: the index seeks entry 0 of the run in another block`,
      `${at}: the filter denies the key of entry 0 of the run`,
      `${at}: entry 1 of the run is not in order`,
      "run-00000001.lsm: the index has another first key than the run",
    ]);
  });

  it("sees that the footer counts otherwise", () => {
    const bytes = bytesOfRun(list);
    const footer = bytes.length - 76;
    bytes[footer] = 22;
    bytes[footer + 24] = 51;
    seal(bytes, footer, 60);
    expect(problemsOf(openBytes(bytes))).toEqual([
      "run-00000001.lsm: the footer says entries 22, found 21",
      "run-00000001.lsm: the footer says largestSeq 51, found 50",
    ]);
  });
});

describe("a sweep", () => {
  it("is gone through as a sorted list is, whichever way and however much it reads", () => {
    const amounts = fc.constantFrom(0, 100, 300, 1 << 18);
    fc.assert(
      fc.property(entries, layouts, moves, amounts, (made, layout, way, bytesAtOnce) => {
        const cache = new BlockCache(DIRECT_HOST, 1 << 20);
        const run = openBytes(bytesOfRun(made, layout), { cache });
        const cursor = run.sweepingCursor(bytesAtOnce);
        expect(wayOf(cursor, way)).toEqual(wayOf(new SortedCursor(made), way));
        expect(cache.stats).toEqual({ bytes: 0, blocks: 0, hits: 0, misses: 0 });
      }),
      { numRuns: 2 * numRuns },
    );
  });

  it("is told of a file that has become shorter", () => {
    const disk = new MemoryDisk();
    const cache = new BlockCache(DIRECT_HOST, 0);
    const open = function* (): Task<Run> {
      yield* writeRun(disk, RUN_NAME, new SortedCursor(list), TINY);
      return yield* openRun(disk, RUN_NAME, cache);
    };
    const run = runToCompletion(open());
    const { index } = run;
    disk.files.get(RUN_NAME)?.resize(index.offsetOf(2) + 7);
    const cursor = run.sweepingCursor();
    expect(() => restOf(cursor)).toThrow(
      `offset ${index.offsetOf(2)}: a data block of ${index.storedBytes(2)} bytes is cut short`,
    );
    expect(problemsOf(run).length).toBe(index.blocks - 2);
  });
});
