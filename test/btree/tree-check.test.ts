import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkTree,
  drawTree,
  formatPage,
  insertEntry,
  removeEntry,
  setChild,
  setRoot,
  TreeChecker,
} from "../../src/btree/index.ts";
import {
  HALF_DEAD_FLAG,
  INCOMPLETE_SPLIT_FLAG,
  pageId,
  setFlag,
  setInUse,
  setLeft,
  setLevel,
  setPageId,
  setRight,
} from "../../src/storage/index.ts";
import { bytesOf, textOf } from "../support/pages.ts";
import { type TestTree, treeOf } from "../support/trees.ts";

// The tree that every corruption is planted in: four leaves (2 to 5) under two inner pages (6, 7)
// under the root (8), and one free page (9).
function plantable(): TestTree {
  const tree = treeOf("aa10,aa12 aa20,aa25 aa30 aa40,aa44", 3);
  const shape = { level: 0, low: bytesOf(""), high: null, left: pageId(0), right: pageId(0) };
  formatPage(tree.page(9), { id: pageId(9), ...shape });
  return tree;
}

const slotOf = (index: number): number => 48 + 8 * index;

/** What is planted, what the check says first, and how. */
const corruptions: [name: string, problem: string, plant: (tree: TestTree) => void][] = [
  [
    "keys out of order",
    "page 3: key 0 is not below key 1",
    ({ page }) => {
      const slot = page(3).bytes.slice(slotOf(0), slotOf(1));
      page(3).bytes.copyWithin(slotOf(0), slotOf(1), slotOf(2));
      page(3).bytes.set(slot, slotOf(1));
    },
  ],
  [
    "a key below the low fence",
    "page 5: key 0 is below the low fence",
    ({ page }) => overwriteKey(page(5), 0, "aa01"),
  ],
  [
    "a key at the high fence",
    "page 2: key 1 is not below the high fence",
    ({ page }) => overwriteKey(page(2), 1, "aa2"),
  ],
  [
    "a head that lies",
    "page 4: the head of key 0 is not how the key begins",
    ({ page }) => page(4).view.setUint8(slotOf(0) + 4, 1),
  ],
  [
    "a cell outside the cell area",
    "page 4: cell 0 is outside the cell area",
    ({ page }) => page(4).view.setUint16(slotOf(0), 511, true),
  ],
  [
    "a wrong count of dead bytes",
    "page 4: there are 0 dead bytes, not 7",
    ({ page }) => page(4).view.setUint16(40, 7, true),
  ],
  [
    "slots that run into cells",
    "page 4: slots and cells overlap",
    ({ page }) => page(4).view.setUint16(18, 60, true),
  ],
  [
    "a prefix that is too short",
    "page 3: the prefix is 1 bytes long, but the fences share 2",
    ({ page }) => page(3).view.setUint16(32, 1, true),
  ],
  [
    "a fence that is no separator",
    "page 3: its high fence is not the low fence of page 4, its right sibling",
    ({ page }) => rebuild(page(4), "aa31", null),
  ],
  [
    "a lost right link",
    "page 4: its right sibling is none, not page 5",
    ({ page }) => setRight(page(4), pageId(0)),
  ],
  [
    "a left link that skips a page",
    "page 5: its left sibling is page 3, not page 4",
    ({ page }) => setLeft(page(5), pageId(3)),
  ],
  [
    "a link past the right edge",
    "page 5: its right sibling is page 9, not none",
    ({ page }) => setRight(page(5), pageId(9)),
  ],
  [
    "two downlinks to one page",
    "page 2: it has more than one downlink",
    ({ page }) => setChild(page(6), 1, pageId(2)),
  ],
  [
    "a page without a downlink",
    "page 4: its right sibling is page 5, not none",
    ({ page }) => removeEntry(page(7), 1),
  ],
  [
    "a downlink to nowhere",
    "page 6: child 1 is 4000, which is no page of the tree",
    ({ page }) => setChild(page(6), 1, pageId(4000)),
  ],
  [
    "a root that is no page",
    "page 0: root 1 is no page of the tree",
    ({ page }) => setRoot(page(0), pageId(1)),
  ],
  [
    "a root with one child",
    "page 8: it is the root and has only one child",
    ({ page }) => removeEntry(page(8), 1),
  ],
  [
    "an inner page without a child",
    "page 7: it is an inner page without a child",
    ({ page }) => rebuild(page(7), "aa3", null, 1),
  ],
  [
    "a page on the wrong level",
    "page 7: it is on level 2, not 1",
    ({ page }) => setLevel(page(7), 2),
  ],
  [
    "an empty leaf with siblings",
    "page 4: it is an empty leaf that has siblings",
    ({ page }) => removeEntry(page(4), 0),
  ],
  [
    "more entries than allowed",
    "page 4: it has 4 entries, and 3 is the most",
    ({ page }) => {
      for (const key of ["aa31", "aa32", "aa33"]) insertEntry(page(4), bytesOf(key), bytesOf(""));
    },
  ],
  [
    "a half-dead page",
    "page 3: it is half dead",
    ({ page }) => setFlag(page(3), HALF_DEAD_FLAG, true),
  ],
  [
    "an unfinished split",
    "page 6: its split is incomplete",
    ({ page }) => setFlag(page(6), INCOMPLETE_SPLIT_FLAG, true),
  ],
  [
    "a freed page that the tree still reaches",
    "page 3: it is free, but in the tree",
    ({ page }) => setInUse(page(1), pageId(3), false),
  ],
  [
    "a page that is lost",
    "page 9: it is lost: in use, but not in the tree",
    ({ page }) => setInUse(page(1), pageId(9), true),
  ],
  [
    "a lost page with a free one before it",
    "page 11: it is lost: in use, but not in the tree",
    ({ page }) => setInUse(page(1), pageId(11), true),
  ],
  [
    "more pages in use than there are",
    "page 1: page 3000 is in use, but there are 64 pages",
    ({ page }) => setInUse(page(1), pageId(3000), true),
  ],
  [
    "a space page that says it is free itself",
    "page 1: no page is in use for the tree",
    ({ page }) => page(1).bytes.fill(0, 48),
  ],
  [
    "a next space page in the wrong place",
    "page 1: the next space page is 77, not 3713",
    ({ page }) => setRight(page(1), pageId(77)),
  ],
  [
    "a next space page that is not there",
    "page 1: the next space page is 3713, but there are 64 pages",
    ({ page }) => setRight(page(1), pageId(3713)),
  ],
  [
    "a page with another's number",
    "page 3: it calls itself page 4",
    ({ page }) => setPageId(page(3), pageId(4)),
  ],
  ["no meta page", "page 0: it is not a meta page", ({ page }) => setLevel(page(0), 0)],
  ["no space page", "page 1: it is not a space page", ({ page }) => setLevel(page(1), 0)],
];

/** Writes over the suffix of a key, and its head, without asking whether it belongs there. */
function overwriteKey(page: ReturnType<TestTree["page"]>, index: number, key: string): void {
  const suffix = bytesOf(key).subarray(page.view.getUint16(32, true));
  const cell = page.view.getUint16(slotOf(index), true);
  const padded = new Uint8Array(4);
  padded.set(suffix.subarray(0, 4));
  expect(page.view.getUint16(slotOf(index) + 2, true)).toBeGreaterThanOrEqual(suffix.length);
  page.bytes.set(padded.subarray(0, page.view.getUint16(slotOf(index) + 2, true)), cell + 2);
  page.view.setUint32(slotOf(index) + 4, new DataView(padded.buffer).getUint32(0), true);
}

/** Makes a page anew, empty or with one entry, in its old place. */
function rebuild(
  page: ReturnType<TestTree["page"]>,
  low: string,
  high: string | null,
  level = 0,
): void {
  formatPage(page, {
    id: pageId(page.view.getUint32(4, true)),
    level,
    low: bytesOf(low),
    high: high === null ? null : bytesOf(high),
    left: pageId(page.view.getUint32(20, true)),
    right: pageId(page.view.getUint32(24, true)),
  });
}

describe("the check of a tree at rest", () => {
  it.each(["", "10", "10,12 20", "1 2 3", "1 2 3 4 5 6 7 8 9", "a,aa aaa,b,c \xff,\xff\xff"])(
    "passes %j",
    (leaves) => {
      for (const mostEntries of [0, 3]) {
        const { memory, params } = treeOf(leaves, mostEntries);
        expect(checkTree(memory, params)).toEqual({ ok: true, problems: [] });
      }
    },
  );

  it("passes the tree that the corruptions are planted in", () => {
    const { memory, params } = plantable();
    expect(checkTree(memory, params).problems).toEqual([]);
    expect(drawTree(memory, textOf)).toMatchInlineSnapshot(`
      "8{6 <aa3> 7}
      6{2 <aa2> 3} = 7{4 <aa4> 5}
      2[aa10,aa12] = 3[aa20,aa25] = 4[aa30] = 5[aa40,aa44]"
    `);
  });

  it.each(corruptions)("finds %s", (_, problem, plant) => {
    const tree = plantable();
    const strict = { emptyLeaves: "reported" } as const;
    const checker = new TreeChecker(tree.memory, tree.params, strict);
    expect(checker.check().ok).toBe(true);
    const snapshot = tree.memory.snapshot();
    plant(tree);
    const report = checker.check();
    expect(report.ok).toBe(false);
    expect(report.problems).toContain(problem);
    tree.memory.restore(snapshot);
    expect(checker.check().problems).toEqual([]);
  });

  it("lets a leaf be empty unless told not to", () => {
    const { memory, params, page } = plantable();
    removeEntry(page(4), 0);
    expect(checkTree(memory, params).problems).toEqual([]);
    expect(checkTree(memory, params, { emptyLeaves: "reported" }).ok).toBe(false);
  });

  it("ends, without throwing, on any bytes", () => {
    const change = fc.tuple(fc.nat({ max: 10 * 512 - 1 }), fc.nat({ max: 255 }));
    const { memory, params, page } = plantable();
    const snapshot = memory.snapshot();
    const checker = new TreeChecker(memory, params);
    const property = fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      memory.restore(snapshot);
      for (const [at, byte] of changes) page(Math.floor(at / 512)).bytes[at % 512] = byte;
      expect(checker.check().problems.length).toBeLessThanOrEqual(100);
      expect(drawTree(memory, textOf)).toBeTypeOf("string");
    });
    fc.assert(property, { numRuns: 2000 });
    for (const seed of [1, 2, 3]) {
      for (let id = 0; id < 10; id++) {
        const bytes = page(id).bytes;
        for (let i = 0; i < 512; i++) bytes[i] = (i * seed * 2_654_435_761 + id * 40_503) >>> 7;
      }
      expect(checker.check().ok).toBe(false);
      expect(drawTree(memory, textOf)).toBeTypeOf("string");
    }
  });
});

describe("the drawing of a tree", () => {
  it("joins siblings by what they know of each other", () => {
    const { memory, page } = treeOf("10,12 20 30");
    setLeft(page(3), pageId(0));
    setRight(page(3), pageId(0));
    setFlag(page(4), HALF_DEAD_FLAG, true);
    expect(drawTree(memory, textOf)).toBe("5{2 <2> 3 <3> 4}\n2[10,12] > 3[20] < 4[30]!half-dead");
  });

  it("shows a page that only its left sibling points to", () => {
    const { memory, page } = treeOf("10 20 30");
    removeEntry(page(5), 2);
    setFlag(page(3), INCOMPLETE_SPLIT_FLAG, true);
    page(4).view.setUint16(18, 5000, true);
    expect(drawTree(memory, textOf)).toBe(
      "5{2 <2> 3}\n2[10] = 3[20]!incomplete = 4(unreadable)!no-parent",
    );
  });
});
