import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  copyHighFence,
  insertEntry,
  maxKeyBytes,
  maxValueBytes,
  mergeInto,
  splitPage,
  type TreeParameters,
} from "../../src/btree/index.ts";
import { leftOf, pageId, rightOf } from "../../src/storage/index.ts";
import { LeafRow } from "../support/leaf-row.ts";
import { blankPage, bytesOf, pageWith } from "../support/pages.ts";

const pageSizes = fc.constantFrom(512, 1024, 4096);
const limits = fc.constantFrom(0, 0, 0, 2, 3, 4, 7);

function keysFor(params: TreeParameters): fc.Arbitrary<Uint8Array> {
  const most = maxKeyBytes(params);
  const piece = fc.constantFrom("\0", "a", "b", "\xff", "same prefix ", "\xff\xff\xff\xff");
  const pieces = fc
    .array(piece, { maxLength: 4 })
    .map((all) => bytesOf(all.join("")).subarray(0, most));
  const long = fc
    .tuple(fc.constantFrom(0, 1, 97, 255), fc.nat({ max: 255 }))
    .map(([fill, last]) => new Uint8Array(most).fill(fill).fill(last, most - 1));
  return fc.oneof(pieces, long, fc.uint8Array({ maxLength: most }));
}

function stepsFor(params: TreeParameters) {
  return fc.array(
    fc.tuple(
      fc.constantFrom("put", "put", "remove"),
      keysFor(params),
      fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    ),
    { minLength: 1, maxLength: 120, size: "max" },
  );
}

describe("a row of leaves", () => {
  it("holds what a map holds, whatever is put and removed", () => {
    const parameters = fc.record({ pageSize: pageSizes, mostEntries: limits });
    const runs = parameters.chain((params) => fc.tuple(fc.constant(params), stepsFor(params)));
    let splits = 0;
    let merges = 0;
    fc.assert(
      fc.property(runs, ([params, steps]) => {
        const leaves = new LeafRow(params);
        for (const [verb, key, share] of steps) {
          const length = Math.floor(share * maxValueBytes(params, key.length));
          if (verb === "put") leaves.put(key, new Uint8Array(length).fill(length));
          else leaves.remove(key);
        }
        leaves.check();
        for (const key of leaves.model.keys()) leaves.remove(bytesOf(key));
        leaves.check();
        splits += leaves.splits;
        merges += leaves.merges;
      }),
      { numRuns: 300 },
    );
    expect(splits).toBeGreaterThan(100);
    expect(merges).toBeGreaterThan(100);
  });

  it("splits and merges without losing a link", () => {
    const left = pageWith({});
    for (const key of ["a", "b", "c"]) insertEntry(left, bytesOf(key), bytesOf("1"));
    const right = blankPage();
    splitPage(left, right, pageId(3), { pageSize: 512, mostEntries: 3 }, null);
    expect([rightOf(left), leftOf(right), rightOf(right)]).toEqual([3, 2, 0]);
    mergeInto(left, right);
    expect(rightOf(left)).toBe(0);
    expect(copyHighFence(left)).toBeNull();
  });
});
