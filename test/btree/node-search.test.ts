import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  childIndexBelow,
  childIndexFor,
  compareBytes,
  compareKeyAt,
  compareLowFence,
  covers,
  find,
  indexOfChild,
  insertChild,
  insertEntry,
  isBelowHighFence,
  lowerBound,
} from "../../src/btree/index.ts";
import { pageId } from "../../src/storage/index.ts";
import { bytesOf, pageWith } from "../support/pages.ts";

const none = new Uint8Array(0);

function leafOf(keys: readonly string[], low = "", high: string | null = null) {
  const page = pageWith({ low, high });
  for (const key of keys) insertEntry(page, bytesOf(key), none);
  return page;
}

function innerOf(separators: readonly string[], high: string | null = null) {
  const page = pageWith({ low: separators[0] ?? "", high, level: 1 });
  for (const [index, separator] of separators.entries()) {
    insertChild(page, bytesOf(separator), pageId(10 + index));
  }
  return page;
}

describe("lowerBound and find", () => {
  const page = leafOf(["", "a", "a\0", "abcd", "abcd\0", "abcde", "b", "\xff", "\xff\xff"]);
  it.each([
    ["", 0, 0],
    ["\0", 1, -1],
    ["a", 1, 1],
    ["a\0", 2, 2],
    ["a\0\0", 3, -1],
    ["abcd", 3, 3],
    ["abcd\0", 4, 4],
    ["abcd\0\0", 5, -1],
    ["abcde", 5, 5],
    ["abcdef", 6, -1],
    ["abd", 6, -1],
    ["\xfe", 7, -1],
    ["\xff\xff\xff", 9, -1],
  ])("finds %j at %i, %i", (key, bound, found) => {
    expect(lowerBound(page, bytesOf(key))).toBe(bound);
    expect(find(page, bytesOf(key))).toBe(found);
  });

  const prefixed = leafOf(["user:10", "user:11", "user:12"], "user:10", "user:2");
  it.each([
    ["", 0],
    ["u", 0],
    ["user", 0],
    ["user:1", 0],
    ["user:11", 1],
    ["user:111", 2],
    ["user:1:", 3],
    ["user:2", 3],
    ["v", 3],
    ["tzzzzzzzzz", 0],
  ])("takes %j, inside the fences or not", (key, bound) => {
    expect(lowerBound(prefixed, bytesOf(key))).toBe(bound);
  });
});

describe("children", () => {
  const page = innerOf(["", "g", "m", "mm"]);
  it.each([
    ["", 0, 0],
    ["a", 0, 0],
    ["g", 1, 0],
    ["ga", 1, 1],
    ["lz", 1, 1],
    ["m", 2, 1],
    ["mm", 3, 2],
    ["z", 3, 3],
  ])("covers %j by child %i, and what is below it by %i", (key, covering, below) => {
    expect(childIndexFor(page, bytesOf(key))).toBe(covering);
    expect(childIndexBelow(page, bytesOf(key))).toBe(below);
  });

  it("clamps keys below the page to its first child", () => {
    const right = innerOf(["g", "m"], "z");
    expect(childIndexFor(right, bytesOf("a"))).toBe(0);
    expect(childIndexBelow(right, bytesOf("g"))).toBe(0);
    expect(childIndexFor(right, bytesOf("zz"))).toBe(1);
  });

  it("finds a child by its page", () => {
    expect(indexOfChild(page, pageId(12))).toBe(2);
    expect(indexOfChild(page, pageId(99))).toBe(-1);
  });
});

describe("fences", () => {
  const page = leafOf([], "car", "cat");
  it.each([
    ["ca", false],
    ["car", true],
    ["carz", true],
    ["cas", true],
    ["cat", false],
    ["", false],
    ["d", false],
  ])("covers %j: %s", (key, inside) => {
    expect(covers(page, bytesOf(key))).toBe(inside);
  });

  it("orders fences against keys", () => {
    expect(compareLowFence(page, bytesOf("car"))).toBe(0);
    expect(compareLowFence(page, bytesOf("ca"))).toBeGreaterThan(0);
    expect(compareLowFence(page, bytesOf("cb"))).toBeLessThan(0);
    expect(isBelowHighFence(page, bytesOf("cat"))).toBe(false);
    expect(isBelowHighFence(leafOf([]), bytesOf("\xff".repeat(64)))).toBe(true);
  });
});

describe("any page and any key", () => {
  const piece = fc.constantFrom("", "\0", "a", "ab", "\xff", "prefix", "\0\0\0\0");
  const key = fc.array(piece, { maxLength: 5 }).map((pieces) => bytesOf(pieces.join("")));

  it("agrees with a sorted array", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 12 }), key, (keys, wanted) => {
        const page = pageWith({ pageSize: 4096 });
        const model: Uint8Array[] = [];
        for (const each of keys) {
          if (model.some((other) => compareBytes(other, each) === 0)) continue;
          model.push(each);
          insertEntry(page, each, none);
        }
        model.sort(compareBytes);
        const bound = model.filter((other) => compareBytes(other, wanted) < 0).length;
        expect(lowerBound(page, wanted)).toBe(bound);
        for (const [index, each] of model.entries()) {
          expect(find(page, each)).toBe(index);
          const order = Math.sign(compareKeyAt(page, index, wanted));
          expect(order).toBe(Math.sign(compareBytes(each, wanted)));
        }
      }),
    );
  });
});
