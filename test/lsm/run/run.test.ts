import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockCache, filterHash } from "../../../src/lsm/run/index.ts";
import { compareEntries, type Entry, SEQ_MAX } from "../../../src/lsm/index.ts";
import { DIRECT_HOST, runToCompletion } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import {
  bytesOfRun,
  entries,
  keys,
  layouts,
  lineOf,
  openBytes,
  restOf,
  runOf,
  text,
  TINY,
  tombstone,
  value,
} from "./run-fixture.ts";
import { moves, SortedCursor, wayOf } from "./sorted-cursor.ts";

const numRuns = budget({ short: 150, campaign: 20_000 });

/** What a get has to give. */
function newest(list: readonly Entry[], key: Uint8Array, seq: number): string {
  const place = { key, seq };
  const found = list.find((one) => compareEntries(one, place) >= 0);
  return found !== undefined && Buffer.compare(found.key, key) === 0 ? lineOf(found) : "none";
}

describe("a run", () => {
  it("gives all its entries, forward and back", () => {
    fc.assert(
      fc.property(entries, layouts, (list, layout) => {
        const cursor = runOf(list, layout).cursor();
        expect(restOf(cursor).map(lineOf)).toEqual(list.map(lineOf));
        const back: Entry[] = [];
        while (runToCompletion(cursor.previous())) back.push(cursor.entry);
        expect(back.map(lineOf)).toEqual(list.map(lineOf).toReversed());
      }),
      { numRuns },
    );
  });

  it("is gone through as a sorted list is, whichever way", () => {
    fc.assert(
      fc.property(
        entries,
        layouts,
        moves,
        fc.constantFrom(0, 600, 1 << 20),
        (list, layout, way, bytes) => {
          const cache = new BlockCache(DIRECT_HOST, bytes);
          const run = openBytes(bytesOfRun(list, layout), { cache });
          expect(wayOf(run.cursor(), way)).toEqual(wayOf(new SortedCursor(list), way));
          expect(cache.stats.bytes).toBeLessThanOrEqual(bytes);
        },
      ),
      { numRuns: 2 * numRuns },
    );
  });

  it("gives the newest entry of a key that is not above a number", () => {
    fc.assert(
      fc.property(entries, layouts, fc.array(keys), (list, layout, others) => {
        const run = runOf(list, layout);
        const asked = [...list.map((one) => one.key), ...others];
        for (const key of asked) {
          for (const seq of [0, 5, 13, SEQ_MAX]) {
            const found = runToCompletion(run.get(key, seq));
            expect(found === null ? "none" : lineOf(found)).toBe(newest(list, key, seq));
          }
        }
      }),
      { numRuns },
    );
  });

  it("finds an entry whose older ones begin the next block", () => {
    const list = [9, 7, 5, 3, 1].map((seq) => value("k", seq, `v${seq}`));
    const run = runOf(list, { blockBytes: 1 });
    expect(run.info.dataBlocks).toBe(5);
    const found = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(
      (seq) => runToCompletion(run.get(text("k"), seq))?.seq,
    );
    expect(found).toEqual([9, 9, 7, 7, 5, 5, 3, 3, 1, 1, undefined]);
  });

  it("says what it holds", () => {
    const run = runOf([value("b", 4, "x"), tombstone("c", 9), value("c", 2)], TINY);
    expect(run.info).toMatchObject({
      name: "run-00000001.lsm",
      entries: 3,
      tombstones: 1,
      smallestSeq: 2,
      largestSeq: 9,
      smallest: text("b"),
      largest: text("c"),
      dataBlocks: 1,
    });
  });

  it("distinguishes an empty value from none", () => {
    const run = runOf([value("a", 1), tombstone("b", 2)]);
    expect(runToCompletion(run.get(text("a"), 9))).toEqual(value("a", 1));
    expect(runToCompletion(run.get(text("b"), 9))).toEqual(tombstone("b", 2));
    expect(runToCompletion(run.get(text("c"), 9))).toBeNull();
  });

  it("takes keys of 65,535 bytes and values of megabytes", () => {
    const long = new Uint8Array(0xffff).fill(7);
    const longer = Uint8Array.from(long);
    longer[0xfffe] = 8;
    const large = new Uint8Array(3 << 20).fill(5);
    const list: Entry[] = [
      { key: long, seq: 1, kind: "value", value: large },
      { key: longer, seq: 2, kind: "value", value: text("small") },
    ];
    const run = runOf(list, {});
    const found = runToCompletion(run.get(long, 9))?.value ?? text("");
    expect(Buffer.compare(found, large)).toBe(0);
    expect(runToCompletion(run.get(longer, 9))?.value).toEqual(text("small"));
    const tooLong = { ...value("", 3), key: new Uint8Array(0x10000) };
    expect(() => bytesOfRun([tooLong])).toThrow("a run's keys are short enough");
  });

  it("is not made of entries out of order", () => {
    expect(() => bytesOfRun([value("b", 1), value("a", 2)])).toThrow("come in order");
    expect(() => bytesOfRun([value("a", 1), value("a", 2)])).toThrow("come in order");
    expect(() => bytesOfRun([value("a", 1), value("a", 1)])).toThrow("come in order");
    expect(() => bytesOfRun([])).toThrow("a run that ends has an entry");
  });
});

describe("the filter of a run", () => {
  const numbered = (from: number, count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => text(`user:${String(from + i).padStart(8, "0")}`));
  const list = numbered(0, 20_000).map((key, i): Entry => ({
    key,
    seq: i,
    kind: "value",
    value: key,
  }));

  it.each([
    [1, 0.632, 0.66],
    [5, 0.09, 0.105],
    [10, 0.0078, 0.0105],
    [15, 0.0004, 0.0013],
  ])("of %i bits a key lets through about what theory says", (bitsAKey, least, most) => {
    const run = runOf(list, { bitsAKey });
    const others = numbered(1_000_000, 50_000);
    const wrong = others.filter((key) => run.mayHold(filterHash(key))).length;
    expect(wrong / others.length).toBeGreaterThan(least * 0.85);
    expect(wrong / others.length).toBeLessThan(most);
    for (const { key } of list) expect(run.mayHold(filterHash(key))).toBe(true);
  });

  it("counts a key once, however many entries it has", () => {
    const versions = Array.from({ length: 500 }, (_, i) => value("key", 1000 - i));
    const run = runOf(versions, { bitsAKey: 10 });
    expect(run.info.filterBytes).toBe(1 + 8);
  });

  it("may be left out", () => {
    const run = runOf(list.slice(0, 10), { bitsAKey: 0 });
    expect(run.info.filterBytes).toBe(0);
    expect(run.mayHold(1)).toBe(true);
  });
});
