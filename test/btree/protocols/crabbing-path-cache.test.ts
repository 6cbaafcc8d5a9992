import { describe, expect, it } from "vitest";
import { CrabbingPathCache } from "../../../src/btree/index.ts";
import { OneTree } from "./one-tree.ts";

const protocol = new CrabbingPathCache();

function treeOf(mostEntries: number): OneTree {
  return new OneTree(protocol, { pageSize: 512, mostEntries });
}

function figuresOf(tree: OneTree): Readonly<Record<string, number>> {
  return protocol.figures(tree.store);
}

describe("a remembered leaf", () => {
  it("is missed once for each leaf that ascending keys fill", () => {
    const tree = treeOf(10);
    for (let key = 0; key < 1000; key++) tree.insert(key, key);
    const { leafHits = 0, leafMisses = 0 } = figuresOf(tree);
    expect(leafHits + leafMisses).toBe(1000);
    // A miss finds the leaf full and splits it; the next finds the key in the new half.
    expect(leafMisses).toBeLessThanOrEqual(2 * Math.ceil(1000 / 5) + 1);
    expect(leafHits).toBeGreaterThan(600);
    expect(tree.problems).toEqual([]);
  });

  it("serves gets and deletes, and not a key of another leaf", () => {
    const tree = treeOf(4);
    for (const key of [10, 20, 30, 40, 50, 60]) tree.put(key, key);
    tree.get(10);
    const before = figuresOf(tree)["leafHits"] ?? 0;
    expect([tree.get(10), tree.get(20), tree.get(60)]).toEqual([10, 20, 60]);
    expect(figuresOf(tree)["leafHits"]).toBe(before + 2);
  });

  it("that was merged away, or is another page by now, is not believed", () => {
    const tree = treeOf(2);
    for (const key of [10, 20, 30]) tree.put(key, key);
    tree.get(30);
    const { page, incarnation } = tree.op.rememberedLeaf;
    expect(tree.delete(30)).toBe(true);
    expect(tree.delete(20)).toBe(true);
    tree.op.rememberedLeaf.page = page;
    tree.op.rememberedLeaf.incarnation = incarnation;
    expect(tree.get(10)).toBe(10);
    for (const key of [12, 14]) tree.put(key, key);
    tree.op.rememberedLeaf.page = page;
    tree.op.rememberedLeaf.incarnation = incarnation;
    expect([tree.get(10), tree.get(12), tree.get(14)]).toEqual([10, 12, 14]);
    expect(tree.problems).toEqual([]);
  });
});
