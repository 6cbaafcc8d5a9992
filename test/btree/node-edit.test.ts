import { describe, expect, it } from "vitest";
import {
  bodyBytesOf,
  checkEntry,
  checkKey,
  copyHighFence,
  copyLowFence,
  countOf,
  freeBytesOf,
  hasRoomFor,
  hasRoomToReplace,
  insertChild,
  insertEntry,
  isSafeForDelete,
  isSafeForInsert,
  isUnderfull,
  maxEntryBytes,
  maxKeyBytes,
  maxValueBytes,
  mergeFits,
  mergeInto,
  prefixLengthOf,
  readKeyInto,
  readValueInto,
  removeEntry,
  replaceValue,
  setChild,
  splitPage,
  treeParameters,
  usedBytesOf,
} from "../../src/btree/index.ts";
import { leftOf, type PageEditor, pageId, rightOf, setRight } from "../../src/storage/index.ts";
import { InvariantViolation } from "../../src/task/assert.ts";
import { blankPage, bytesOf, entriesOf, pageWith, textOf } from "../support/pages.ts";

const unlimited = treeParameters(512);
const three = treeParameters(512, 3);

function leafOf(keys: string, low = "", high: string | null = null): PageEditor {
  const page = pageWith({ low, high });
  for (const key of keys.split(" ")) insertEntry(page, bytesOf(key), bytesOf(key));
  return page;
}

function innerOf(separators: string, high: string | null = null): PageEditor {
  const keys = separators.split(" ");
  const page = pageWith({ low: keys[0] ?? "", high, level: 1 });
  for (const [index, key] of keys.entries()) insertChild(page, bytesOf(key), pageId(10 + index));
  return page;
}

function fencesOf(page: PageEditor): string {
  const high = copyHighFence(page);
  return `${textOf(copyLowFence(page))}..${high === null ? "" : textOf(high)}`;
}

describe("inserting and removing", () => {
  it("keeps entries in key order, the empty key first", () => {
    const page = leafOf("m b z");
    expect(insertEntry(page, bytesOf(""), bytesOf("least"))).toBe(0);
    expect(insertEntry(page, bytesOf("mm"), bytesOf(""))).toBe(3);
    expect(entriesOf(page)).toEqual(["=least", "b=b", "m=m", "mm=", "z=z"]);
  });

  it("stores keys without their prefix and reads them with it", () => {
    const page = leafOf("user:11 user:19", "user:1", "user:2");
    expect(prefixLengthOf(page)).toBe(5);
    const target = new Uint8Array(10);
    expect(readKeyInto(page, 1, target, 2)).toBe(7);
    expect(readValueInto(page, 1, target, 0)).toBe(7);
    expect(textOf(target)).toBe("user:1919\0");
  });

  it("refuses what would break a page", () => {
    const page = leafOf("b c", "b", "d");
    const value = bytesOf("");
    expect(() => insertEntry(page, bytesOf("a"), value)).toThrow("the page covers the key");
    expect(() => insertEntry(page, bytesOf("d"), value)).toThrow("the page covers the key");
    expect(() => insertEntry(page, bytesOf("c"), value)).toThrow("the key is not there yet");
    expect(() => insertChild(page, bytesOf("c"), pageId(3))).toThrow(
      "children go into inner pages",
    );
    expect(() => removeEntry(page, 2)).toThrow("the entry exists");
    const inner = innerOf("b c", "d");
    expect(() => insertEntry(inner, bytesOf("bb"), value)).toThrow("values go into leaves");
    expect(() => removeEntry(inner, 0)).toThrow("the first child stays");
    const empty = pageWith({ low: "b", high: "d", level: 1 });
    expect(() => insertChild(empty, bytesOf("c"), pageId(3))).toThrow("begins at the fence");
  });

  it("gives back every byte, in whatever order entries go", () => {
    const page = leafOf("a b c d e");
    const used = usedBytesOf(page);
    for (const index of [1, 3, 0]) removeEntry(page, index);
    expect(entriesOf(page)).toEqual(["c=c", "d=d"]);
    for (const key of ["a", "b", "e"]) insertEntry(page, bytesOf(key), bytesOf(key));
    expect(usedBytesOf(page)).toBe(used);
    for (let left = 5; left > 0; left--) removeEntry(page, left >> 1);
    expect(freeBytesOf(page)).toBe(bodyBytesOf(page));
  });

  it("compacts a page whose free bytes lie scattered", () => {
    const page = pageWith({});
    for (const key of ["a", "b", "c", "d", "e"])
      insertEntry(page, bytesOf(key), new Uint8Array(80));
    expect(hasRoomFor(page, unlimited, 1, 80)).toBe(false);
    removeEntry(page, 3);
    removeEntry(page, 1);
    expect(hasRoomFor(page, unlimited, 1, 91)).toBe(true);
    insertEntry(page, bytesOf("x"), new Uint8Array(91));
    insertEntry(page, bytesOf("y"), new Uint8Array(78));
    expect(freeBytesOf(page)).toBe(0);
    expect(entriesOf(page).map((entry) => entry.length)).toEqual([82, 82, 82, 93, 80]);
  });

  it("points an entry to another child", () => {
    const page = innerOf("a m");
    setChild(page, 1, pageId(77));
    expect(entriesOf(page)).toEqual(["a>10", "m>77"]);
  });
});

describe("replacing a value", () => {
  it.each(["", "q", "longer than it was"])("by %j", (value) => {
    const page = leafOf("a bb c");
    replaceValue(page, 1, bytesOf(value));
    expect(entriesOf(page)).toEqual(["a=a", `bb=${value}`, "c=c"]);
    const fresh = leafOf("a c");
    insertEntry(fresh, bytesOf("bb"), bytesOf(value));
    expect(usedBytesOf(page)).toBe(usedBytesOf(fresh));
  });

  it("fits to the byte, or not at all", () => {
    const page = pageWith({});
    for (const key of ["a", "b", "c", "d"]) insertEntry(page, bytesOf(key), new Uint8Array(93));
    insertEntry(page, bytesOf("e"), new Uint8Array(10));
    const most = freeBytesOf(page) + 10;
    expect(hasRoomToReplace(page, 4, most)).toBe(true);
    expect(hasRoomToReplace(page, 4, most + 1)).toBe(false);
    replaceValue(page, 4, new Uint8Array(most));
    expect(freeBytesOf(page)).toBe(0);
    expect(() => replaceValue(page, 4, new Uint8Array(most + 1))).toThrow(InvariantViolation);
  });
});

describe("splitting", () => {
  it.each([
    ["10 12 20", "15", "10=10 12=12 ..15", "20=20 15.."],
    ["10 12 20", "11", "10=10 ..12", "12=12 20=20 12.."],
    ["10 12 20", "05", "10=10 ..12", "12=12 20=20 12.."],
    ["10 12 20", "99", "10=10 12=12 ..2", "20=20 2.."],
    ["10 20", null, "10=10 ..2", "20=20 2.."],
    ["car cat", null, "car=car ..cat", "cat=cat cat.."],
  ])("cuts [%s] for %s in the middle, with the incoming key", (keys, key, left, right) => {
    const page = leafOf(keys);
    const fresh = blankPage();
    const incoming = key === null ? null : { key: bytesOf(key), valueLength: 2 };
    splitPage(page, fresh, pageId(9), three, incoming);
    expect([...entriesOf(page), fencesOf(page)].join(" ")).toBe(left);
    expect([...entriesOf(fresh), fencesOf(fresh)].join(" ")).toBe(right);
  });

  it("links the two halves and leaves the neighbours to the caller", () => {
    const page = leafOf("a b c", "", "d");
    setRight(page, pageId(7));
    const fresh = blankPage();
    splitPage(page, fresh, pageId(9), three, null);
    expect([rightOf(page), leftOf(fresh), rightOf(fresh)]).toEqual([9, 2, 7]);
    expect(fencesOf(fresh)).toBe("c..d");
  });

  it("cuts an inner page at one of its own separators", () => {
    const page = innerOf("a g mmm", "z");
    const fresh = blankPage();
    const incoming = { key: bytesOf("q"), valueLength: 0 };
    expect(textOf(splitPage(page, fresh, pageId(9), three, incoming))).toBe("mmm");
    expect([...entriesOf(page), fencesOf(page)]).toEqual(["a>10", "g>11", "a..mmm"]);
    expect([...entriesOf(fresh), fencesOf(fresh)]).toEqual(["mmm>12", "mmm..z"]);
  });

  it("cuts an inner page at the incoming separator, which the new page then begins with", () => {
    const page = innerOf("a g m", "z");
    const fresh = blankPage();
    const incoming = { key: bytesOf("h"), valueLength: 0 };
    expect(textOf(splitPage(page, fresh, pageId(9), three, incoming))).toBe("h");
    expect(insertChild(fresh, bytesOf("h"), pageId(30))).toBe(0);
    expect(entriesOf(fresh)).toEqual(["h>30", "m>12"]);
  });

  it("leaves a full page at the right edge as it is when keys ascend", () => {
    const page = pageWith({});
    for (let key = 0; hasRoomFor(page, unlimited, 2, 8); key++) {
      insertEntry(page, bytesOf(String(key + 10)), new Uint8Array(8));
    }
    const before = countOf(page);
    const fresh = blankPage();
    splitPage(page, fresh, pageId(9), unlimited, { key: bytesOf("99"), valueLength: 8 });
    expect([countOf(page), countOf(fresh), fencesOf(fresh)]).toEqual([before, 0, "9.."]);
  });

  it("lengthens the prefix, and a merge shortens it", () => {
    const page = leafOf("aaa1 aaa2 aaa3 b", "aaa1", "c");
    const fresh = blankPage();
    splitPage(page, fresh, pageId(9), treeParameters(512, 4), null);
    expect([prefixLengthOf(page), entriesOf(page)]).toEqual([3, ["aaa1=aaa1", "aaa2=aaa2"]]);
    mergeInto(page, fresh);
    expect([prefixLengthOf(page), fencesOf(page)]).toEqual([0, "aaa1..c"]);
    expect(entriesOf(page)).toEqual(["aaa1=aaa1", "aaa2=aaa2", "aaa3=aaa3", "b=b"]);
  });
});

describe("merging", () => {
  it("says exactly what fits, with the prefix that the merged page will have", () => {
    const params = treeParameters(512);
    for (const extra of [0, 1]) {
      const left = pageWith({ low: "k1", high: "k2", id: 2 });
      const right = pageWith({ low: "k2", high: "l", id: 3 });
      setRight(left, pageId(3));
      for (const name of ["k1a", "k1b"]) insertEntry(left, bytesOf(name), new Uint8Array(90));
      insertEntry(right, bytesOf("k2a"), new Uint8Array(90));
      // Header 48, fences k1 and l, three entries of 10 + 3 + 90, and the last fills what is left.
      const rest = 512 - 48 - 3 - 3 * 103 - 10 - 3 + extra;
      insertEntry(right, bytesOf("k2b"), new Uint8Array(Math.min(rest, 90)));
      insertEntry(right, bytesOf("k2c"), new Uint8Array(rest - Math.min(rest, 90) - 13));
      expect(mergeFits(left, right, params)).toBe(extra === 0);
    }
  });

  it("counts entries where the tree limits them", () => {
    const left = leafOf("a b", "", "c");
    expect(mergeFits(left, leafOf("c", "c"), three)).toBe(true);
    expect(mergeFits(left, leafOf("c d", "c"), three)).toBe(false);
  });

  it("refuses pages that are no neighbours", () => {
    const left = leafOf("a", "", "c");
    const right = leafOf("x", "d");
    expect(() => mergeInto(left, right)).toThrow("a page merges with its right sibling");
    setRight(left, pageId(2));
    expect(() => mergeInto(left, right)).toThrow("the fences of siblings meet");
  });
});

describe("what is safe", () => {
  it("asks a leaf for the entry and an inner page for the longest separator", () => {
    expect(isSafeForInsert(leafOf("a b"), three, 1, 1)).toBe(true);
    expect(isSafeForInsert(leafOf("a b c"), three, 1, 1)).toBe(false);
    expect(isSafeForInsert(innerOf("a b"), three, 1, 0)).toBe(true);
    expect(isSafeForInsert(innerOf("a b c"), three, 1, 0)).toBe(false);
    const inner = pageWith({ level: 1 });
    let child = 0;
    while (freeBytesOf(inner) >= 12 + 64) insertChild(inner, new Uint8Array(child++), pageId(9));
    expect(isSafeForInsert(inner, unlimited, 1, 0)).toBe(false);
    expect(hasRoomFor(inner, unlimited, 1, 0)).toBe(true);
  });

  it.each([
    ["a", 3, false, false, true],
    ["a b", 3, false, true, true],
    ["a b", 9, true, false, true],
    ["a b c", 9, false, false, true],
    ["a b c d", 9, false, true, true],
    ["a b", 0, true, false, true],
  ])("a leaf [%s] with at most %i entries", (keys, mostEntries, underfull, safe, safeRoot) => {
    const params = treeParameters(512, mostEntries);
    const page = leafOf(keys);
    expect(isUnderfull(page, params)).toBe(underfull);
    expect(isSafeForDelete(page, params, false)).toBe(safe);
    expect(isSafeForDelete(page, params, true)).toBe(safeRoot);
  });

  it.each([
    ["a", true, false, false],
    ["a b", false, false, false],
    ["a b c", false, true, true],
  ])("an inner page [%s]", (separators, underfull, safe, safeRoot) => {
    const page = innerOf(separators);
    expect(isUnderfull(page, three)).toBe(underfull);
    expect(isSafeForDelete(page, three, false)).toBe(safe);
    expect(isSafeForDelete(page, three, true)).toBe(safeRoot);
  });
});

describe("limits", () => {
  it.each([0, 511, 513, 1000, 65536, -512, Number.NaN])("refuses pages of %d bytes", (pageSize) => {
    expect(() => treeParameters(pageSize)).toThrow(/^page size must be a power of two/);
  });

  it.each([1, -1, 2.5, 23, 70000])("refuses a limit of %d entries", (mostEntries) => {
    expect(() => treeParameters(512, mostEntries)).toThrow(/^most entries a page must be/);
  });

  it("takes the largest key and entry, and nothing larger", () => {
    for (const pageSize of [512, 4096, 32768]) {
      const params = treeParameters(pageSize);
      const key = new Uint8Array(maxKeyBytes(params));
      const value = new Uint8Array(maxValueBytes(params, key.length));
      checkEntry(params, key, value);
      const page = pageWith({ pageSize });
      insertEntry(page, key, value);
      expect(usedBytesOf(page)).toBe(maxEntryBytes(params));
      expect(() => checkKey(params, new Uint8Array(key.length + 1))).toThrow(
        `a key may have at most ${key.length} bytes, not ${key.length + 1}`,
      );
      expect(() => checkEntry(params, key, new Uint8Array(value.length + 1))).toThrow(
        `may have at most ${value.length} bytes, not ${value.length + 1}`,
      );
    }
  });
});
