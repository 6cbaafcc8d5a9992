import { array, assert as assertProperty, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  childAt,
  finishTree,
  Foster,
  Operation,
  type Protocol,
  PROTOCOLS,
  protocolNamed,
  rootOf,
  setChild,
  TreeStore,
} from "../../../src/btree/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import {
  asEditor,
  hasFlag,
  INCOMPLETE_SPLIT_FLAG,
  leftOf,
  NO_PAGE,
  pageId,
  rightOf,
  setFlag,
  setLeft,
} from "../../../src/storage/index.ts";
import {
  createPrng,
  type Fact,
  runToCompletion,
  type Task,
  taskId,
} from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { type Command, expected } from "../map-commands.ts";
import { bytes, OneTree } from "./one-tree.ts";

const foster = new Foster();

function open(store: TreeStore, protocol: Protocol): void {
  runToCompletion(finishTree(store, protocol, taskId(0), DIRECT_DRIVER));
}

function treeOf(keys: readonly number[], mostEntries: number = 2): OneTree {
  const tree = new OneTree(foster, { pageSize: 512, mostEntries });
  for (const key of keys) tree.put(key, key);
  return tree;
}

/** The pages in use that have a foster child. */
function fosterParents({ space, memory }: TreeStore): number[] {
  const ids = Array.from({ length: space.highWater }, (_, id) => pageId(id)).slice(2);
  return ids.filter((id) => !space.isFree(id) && hasFlag(memory.frame(id), INCOMPLETE_SPLIT_FLAG));
}

const keysOf = (tree: OneTree, reverse: boolean): number[] =>
  tree.scan({ reverse }).map(([key]) => key);

describe("a foster child", () => {
  it("is reached by its foster parent, by reads of every kind", () => {
    const tree = treeOf([10, 20, 30]);
    expect(fosterParents(tree.store)).toEqual([2]);
    expect(tree.problems).toEqual([]);
    expect(keysOf(tree, false)).toEqual([10, 20, 30]);
    expect(keysOf(tree, true)).toEqual([30, 20, 10]);
    expect(tree.get(30)).toBe(30);
    expect(fosterParents(tree.store)).toEqual([2]);
    expect(tree.store.linkCounts.splitsFinished).toBe(0);
    expect(tree.store.linkCounts.movesRight).toBeGreaterThan(0);
  });

  it("is adopted by the next writer that comes by, under a new root if need be", () => {
    const tree = treeOf([10, 20, 30]);
    expect(tree.delete(15)).toBe(false);
    expect(fosterParents(tree.store)).toEqual([]);
    expect(tree.store.linkCounts.splitsFinished).toBe(1);
    open(tree.store, protocolNamed("crabbing"));
    expect(tree.problems).toEqual([]);
  });

  it("of a leaf under a full page is adopted by splitting that, which then has one itself", () => {
    const tree = treeOf([10, 20, 30, 40, 50]);
    const before = tree.store.linkCounts.splitsFinished;
    tree.put(60, 60);
    expect(tree.store.linkCounts.splitsFinished).toBeGreaterThan(before);
    expect(tree.problems).toEqual([]);
    expect(keysOf(tree, true)).toEqual([60, 50, 40, 30, 20, 10]);
  });

  it("has none of its own, whatever is done", () => {
    const tree = treeOf([], 3);
    const prng = createPrng("chains");
    let met = 0;
    for (let i = 0; i < 3000; i++) {
      const key = prng.below(300);
      if (prng.below(3000) > i) tree.put(key, i);
      else tree.delete(key);
      const { memory } = tree.store;
      for (const id of fosterParents(tree.store)) {
        met++;
        const child = memory.frame(rightOf(memory.frame(pageId(id))));
        expect(hasFlag(child, INCOMPLETE_SPLIT_FLAG)).toBe(false);
      }
    }
    expect(met).toBeGreaterThan(0);
  });
});

describe("fences", () => {
  const refused = expect.objectContaining({ name: "InvariantViolation", rule: "fences" });

  it("of a foster parent without its mark end the operation", () => {
    const tree = treeOf([10, 20, 30]);
    setFlag(asEditor(tree.store.memory.frame(pageId(2))), INCOMPLETE_SPLIT_FLAG, false);
    expect(() => tree.get(10)).toThrow(refused);
  });

  it("of a page that is marked and has no foster child do", () => {
    const tree = treeOf([10, 20, 30]);
    tree.delete(99);
    expect([fosterParents(tree.store), tree.get(10)]).toEqual([[], 10]);
    setFlag(asEditor(tree.store.memory.frame(pageId(2))), INCOMPLETE_SPLIT_FLAG, true);
    expect(() => tree.get(10)).toThrow(refused);
    tree.op.abort();
    expect(() => tree.scan({})).toThrow(refused);
  });

  it("of a child that is another page do, on whatever level it is", () => {
    const tree = treeOf([10, 20, 30, 40, 50, 60, 70, 80]);
    const { memory } = tree.store;
    const root = memory.frame(rootOf(memory.frame(pageId(0))));
    const right = childAt(root, 0);
    const grandchild = childAt(memory.frame(right), 0);
    for (const wrong of [childAt(root, 1), grandchild]) {
      expect(tree.get(10)).toBe(10);
      setChild(asEditor(root), 0, wrong);
      expect(() => tree.get(10)).toThrow(refused);
      tree.op.abort();
      setChild(asEditor(root), 0, right);
    }
  });
});

describe("left links", () => {
  function stale(): OneTree {
    const tree = treeOf([], 2);
    for (const key of [50, 40, 30, 20, 10, 45, 35, 25, 15, 5, 12, 13, 14]) tree.put(key, key);
    for (const key of [30, 35]) tree.delete(key);
    return tree;
  }

  it("may be stale, and are put right for every other protocol", () => {
    for (const protocol of PROTOCOLS.filter(({ name }) => name !== "foster")) {
      const tree = stale();
      expect(tree.problems).toEqual([]);
      expect(tree.store.space.hasStaleLeftLinks).toBe(true);
      open(tree.store, protocol);
      expect(tree.store.space.hasStaleLeftLinks).toBe(false);
      expect(tree.problems).toEqual([]);
    }
  });

  it("are asked for by the check as soon as nothing says that they may be stale", () => {
    const tree = stale();
    const wrong = leftmost(tree, 1);
    expect(tree.problems).toEqual([]);
    setFlag(asEditor(tree.store.memory.frame(pageId(1))), 1 << 1, false);
    expect(tree.problems.join("\n")).toMatch(/its left sibling is/);
    setFlag(asEditor(tree.store.memory.frame(pageId(1))), 1 << 1, true);
    setLeft(asEditor(tree.store.memory.frame(pageId(wrong))), NO_PAGE);
    expect(tree.problems.join("\n")).toMatch(/its left sibling is none/);
  });
});

/** A leaf so many places behind the first one. */
function leftmost({ store: { memory } }: OneTree, places: number): number {
  const first = Array.from({ length: 40 }, (_, id) => pageId(id + 2)).find((id) => {
    const page = memory.frame(id);
    return leftOf(page) === NO_PAGE && rightOf(page) !== NO_PAGE && page.bytes[16] === 0;
  });
  let id = first ?? pageId(2);
  for (let i = 0; i < places; i++) id = rightOf(memory.frame(id));
  return id;
}

it("holds two latches to read and three to write, pages that nobody else knows not counted", () => {
  const store = new TreeStore({ pageSize: 512, mostEntries: 2 });
  open(store, foster);
  let most = 0;
  const driver = {
    ...DIRECT_DRIVER,
    // Only a latch that is a step is told of.
    eager: false,
    isTold: true,
    tell: (fact: Fact): void => {
      if (fact.kind !== "latch-granted" || fact.site === "fresh page") return;
      // The one that is granted is not on the list yet.
      most = Math.max(most, op.owner.held.filter(({ isFresh }) => !isFresh).length + 1);
    },
  };
  const op = new Operation(store, taskId(0), driver, foster.latchOrder(store));
  const mostOf = (work: () => Task<unknown>): number => {
    most = 0;
    runToCompletion(work());
    return most;
  };
  const prng = createPrng("latches");
  let mostToPut = 0;
  let mostToDelete = 0;
  for (let i = 0; i < 2000; i++) {
    const key = bytes(prng.below(200));
    const isPut = prng.below(2000) > i;
    if (isPut)
      mostToPut = Math.max(
        mostToPut,
        mostOf(() => foster.put(op, key, key)),
      );
    else
      mostToDelete = Math.max(
        mostToDelete,
        mostOf(() => foster.delete(op, key)),
      );
    expect(mostOf(() => foster.get(op, key))).toBe(2);
  }
  expect([mostToPut, mostToDelete]).toEqual([2, 3]);
  const sink = { row: (): void => undefined };
  expect(mostOf(() => foster.scan(op, {}, sink))).toBe(2);
  expect(mostOf(() => foster.scan(op, { reverse: true }, sink))).toBe(2);
});

const COMMANDS = array(tuple(nat(9), nat(60), nat(999)), { maxLength: 120, size: "max" });
const STEPS = array(tuple(nat(PROTOCOLS.length - 1), COMMANDS), { minLength: 2, maxLength: 6 });

function obey(tree: OneTree, [kind, key, value]: Command): boolean | number | undefined {
  if (kind < 3) return tree.put(key, value);
  if (kind < 4) return tree.insert(key, value);
  return kind < 8 ? tree.delete(key) : tree.get(key);
}

it("goes to every other protocol and back with one tree", () => {
  const run = property(constantFrom(2, 3, 4), STEPS, (most, steps) => {
    const store = new TreeStore({ pageSize: 512, mostEntries: most });
    const model = new Map<number, number>();
    for (const [chosen, commands] of steps.flatMap((step) => [
      step,
      [PROTOCOLS.length, step[1]] as const,
    ])) {
      const protocol = PROTOCOLS[chosen] ?? foster;
      open(store, protocol);
      const tree = new OneTree(protocol, {}, store);
      for (const command of commands) expect(obey(tree, command)).toBe(expected(model, command));
      expect(tree.problems).toEqual([]);
      const rows = [...model].toSorted((a, b) => a[0] - b[0]);
      expect(tree.scan({})).toEqual(rows);
      expect(tree.scan({ reverse: true })).toEqual(rows.toReversed());
    }
  });
  assertProperty(run, { numRuns: budget({ short: 20, campaign: 1000 }), seed: 1 });
});
