import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Memtable } from "../../../src/lsm/memtable/index.ts";
import { compareEntries, type Entry, SEQ_MAX } from "../../../src/lsm/index.ts";
import { DIRECT_HOST } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { entries, keys, lineOf, value } from "../run/run-fixture.ts";
import { moves, SortedCursor, wayOf } from "../run/sorted-cursor.ts";

const numRuns = budget({ short: 300, campaign: 30_000 });

function tableOf(list: readonly Entry[]): Memtable {
  const table = new Memtable(DIRECT_HOST, "memtable 1");
  for (const entry of list) table.add(entry);
  return table;
}

/** Entries in the order in which they are added: any. */
const shuffled = entries.chain((list) =>
  fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
);

describe("a memtable", () => {
  it("goes the way of a sorted array, whatever order it was filled in", () => {
    fc.assert(
      fc.property(shuffled, moves, (list, way) => {
        const sorted = new SortedCursor(list.toSorted(compareEntries));
        expect(wayOf(tableOf(list).cursor(), way)).toEqual(wayOf(sorted, way));
      }),
      { numRuns },
    );
  });

  it("finds the newest entry that a reader may see", () => {
    fc.assert(
      fc.property(shuffled, keys, fc.nat(20), (list, key, seq) => {
        const found = tableOf(list).get(key, seq);
        const right = list
          .filter((one) => compareEntries({ ...one, seq: 1 }, { key, seq: 1 }) === 0)
          .filter((one) => one.seq <= seq)
          .toSorted(compareEntries)[0];
        expect(found === null ? null : lineOf(found)).toBe(
          right === undefined ? null : lineOf(right),
        );
      }),
      { numRuns },
    );
  });

  it("shows a cursor what is added ahead of it", () => {
    const table = tableOf([value("b", 1), value("d", 2)]);
    const cursor = table.cursor();
    const next = (): string | null => {
      const moved = cursor.next().next();
      return moved.done === true && moved.value ? lineOf(cursor.entry) : null;
    };
    expect(next()).toBe(lineOf(value("b", 1)));
    table.add(value("a", 3));
    table.add(value("c", 4));
    expect(next()).toBe(lineOf(value("c", 4)));
    expect(next()).toBe(lineOf(value("d", 2)));
    expect(next()).toBeNull();
  });

  it("counts, measures, and takes nothing once it is frozen", () => {
    const table = tableOf([value("a", 5), value("b", 9), value("a", 7)]);
    expect(table.count).toBe(3);
    expect(table.seqRange).toEqual([5, 9]);
    expect(table.bytes).toBeGreaterThan(3 * 100);
    table.freeze();
    expect(() => table.add(value("c", 10))).toThrow("frozen");
    expect(table.get(value("a", 1).key, SEQ_MAX)?.seq).toBe(7);
  });

  it("stays quick when keys ascend, and when they descend", () => {
    // A list whose heights were no good would compare a key with thousands of others.
    const count = 20_000;
    const looks = [(at: number) => at, (at: number) => count - at].map((keyOf) => {
      const table = new Memtable(DIRECT_HOST, "memtable 1");
      for (let at = 0; at < count; at++) {
        table.add({ key: numberKey(keyOf(at)), seq: at, kind: "value", value: new Uint8Array(0) });
      }
      return [0, count / 3, count / 2, count - 1].map((at) => looksFor(table, numberKey(at)));
    });
    expect(Math.max(...looks.flat())).toBeLessThan(400);
  });
});

function numberKey(number: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, number);
  return key;
}

/** How often the length of a key is asked for while it is looked for: once or twice an entry. */
function looksFor(table: Memtable, key: Uint8Array): number {
  let looks = 0;
  const watched = new Proxy(key, {
    get: (target, name) => {
      if (name === "length") looks++;
      const found: unknown = Reflect.get(target, name, target);
      return found;
    },
  });
  table.get(watched, SEQ_MAX);
  return looks;
}
