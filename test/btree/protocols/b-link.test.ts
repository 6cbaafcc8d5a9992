import { array, assert as assertProperty, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BLink,
  Crabbing,
  finishTree,
  Operation,
  type PageHandle,
  type Protocol,
  TreeStore,
  type WriteHandle,
} from "../../../src/btree/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import {
  asEditor,
  HALF_DEAD_FLAG,
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  pageId,
  type PageId,
  setFlag,
} from "../../../src/storage/index.ts";
import {
  createPrng,
  type Fact,
  LatchworkError,
  runToCompletion,
  type Task,
  taskId,
} from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { type Command, expected } from "../map-commands.ts";
import { bytes, OneTree } from "./one-tree.ts";

/** A tree whose operations break off between the two steps of a split or of a merge. */
class BreaksOff extends BLink {
  /** Asked before each second step: whether the disk fails there. */
  fails: () => boolean = () => false;

  protected override *post(op: Operation, page: WriteHandle, way: PageId[]): Task<void> {
    this.#perhapsFail();
    yield* super.post(op, page, way);
  }

  override *unlink(op: Operation, id: PageId, from: PageId, end: Uint8Array | null): Task<void> {
    this.#perhapsFail();
    yield* super.unlink(op, id, from, end);
  }

  #perhapsFail(): void {
    if (this.fails()) throw new LatchworkError("DISK_ERROR", "the disk fails between two steps");
  }
}

function prepare(tree: OneTree, protocol: Protocol): void {
  runToCompletion(finishTree(tree.store, protocol, taskId(0), DIRECT_DRIVER));
}

function treeOf(protocol: BLink, mostEntries: number): OneTree {
  const tree = new OneTree(protocol, { pageSize: 512, mostEntries });
  prepare(tree, protocol);
  return tree;
}

const keysOf = (tree: OneTree, reverse: boolean): number[] =>
  tree.scan({ reverse }).map(([key]) => key);

describe("a split that broke off after its first step", () => {
  function broken(): { protocol: BreaksOff; tree: OneTree } {
    const protocol = new BreaksOff();
    const tree = treeOf(protocol, 2);
    for (const key of [10, 20, 30, 40]) tree.put(key, key);
    protocol.fails = () => true;
    expect(tree.put(35, 35)).toBe(true);
    protocol.fails = () => false;
    return { protocol, tree };
  }

  it("hides no key, and leaves a tree that the check allows", () => {
    const { tree } = broken();
    expect(tree.problems).toEqual([]);
    expect(keysOf(tree, false)).toEqual([10, 20, 30, 35, 40]);
    expect(keysOf(tree, true)).toEqual([40, 35, 30, 20, 10]);
    for (const key of [10, 20, 30, 35, 40]) expect(tree.get(key)).toBe(key);
    expect(tree.store.linkCounts.splitsFinished).toBe(0);
    expect(tree.store.linkCounts.movesRight).toBeGreaterThan(0);
  });

  it("is finished by the next writer that meets it, and by nobody else", () => {
    const { tree } = broken();
    tree.put(10, 11);
    expect(tree.store.linkCounts.splitsFinished).toBe(0);
    tree.put(40, 41);
    expect(tree.store.linkCounts.splitsFinished).toBe(1);
    expect(tree.problems).toEqual([]);
    prepare(tree, new Crabbing());
    expect(tree.store.linkCounts.splitsFinished).toBe(1);
    expect(tree.problems).toEqual([]);
  });

  it("is reported where nothing may be unfinished", () => {
    const protocol = new BreaksOff();
    const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 2 });
    for (const key of [10, 20]) tree.put(key, key);
    protocol.fails = () => true;
    tree.put(15, 15);
    expect(tree.problems).toContain("page 2: its split is incomplete");
  });
});

/** As {@link BreaksOff}, once an inner page has been split. */
class BreaksOffAbove extends BLink {
  fails = false;

  protected override *latchParent(
    op: Operation,
    page: PageHandle,
    way: PageId[],
  ): Task<WriteHandle> {
    if (this.fails && levelOf(page) > 0) {
      throw new LatchworkError("DISK_ERROR", "the disk fails between two steps");
    }
    return yield* super.latchParent(op, page, way);
  }
}

describe("a split of an inner page that broke off after its first step", () => {
  it("is finished by the next writer that comes down by it", () => {
    const protocol = new BreaksOffAbove();
    const tree = treeOf(protocol, 2);
    for (const key of [10, 20, 30]) tree.put(key, key);
    protocol.fails = true;
    for (const key of [40, 50]) tree.put(key, key);
    protocol.fails = false;
    expect(tree.problems).toEqual([]);
    expect(keysOf(tree, false)).toEqual([10, 20, 30, 40, 50]);
    const { linkCounts } = tree.store;
    expect(linkCounts.splitsFinished).toBe(0);
    tree.get(10);
    expect(linkCounts.splitsFinished).toBe(0);
    tree.put(10, 11);
    expect(linkCounts.splitsFinished).toBe(1);
    prepare(tree, new Crabbing());
    expect([tree.problems, linkCounts.splitsFinished]).toEqual([[], 1]);
  });
});

describe("a merge that broke off after its first step", () => {
  function broken(): { protocol: BreaksOff; tree: OneTree } {
    const protocol = new BreaksOff();
    const tree = treeOf(protocol, 2);
    for (const key of [10, 20, 30, 40, 50, 60]) tree.put(key, key);
    protocol.fails = () => true;
    for (const key of [30, 40]) expect(tree.delete(key)).toBe(true);
    protocol.fails = () => false;
    return { protocol, tree };
  }

  it("hides no key and shows none twice", () => {
    const { tree } = broken();
    expect(tree.problems).toEqual([]);
    expect(keysOf(tree, false)).toEqual([10, 20, 50, 60]);
    expect(keysOf(tree, true)).toEqual([60, 50, 20, 10]);
    expect(tree.store.linkCounts.pagesUnlinked).toBe(0);
  });

  it("is finished before another merge beside it", () => {
    const { tree } = broken();
    for (const key of [10, 20, 50, 60]) tree.delete(key);
    expect(tree.store.linkCounts.pagesUnlinked).toBeGreaterThan(1);
    prepare(tree, new Crabbing());
    expect(tree.problems).toEqual([]);
    expect(tree.pages).toBeLessThan(4);
  });
});

describe("the check, where pages may be unfinished", () => {
  function marked(flag: number, ids: readonly number[]): readonly string[] {
    const tree = treeOf(new BLink(), 2);
    for (const key of [10, 20, 30, 40]) tree.put(key, key);
    expect(tree.problems).toEqual([]);
    for (const id of ids) setFlag(asEditor(tree.store.memory.frame(pageId(id))), flag, true);
    return tree.problems;
  }

  it("reports a half-dead page that a downlink leads to", () => {
    expect(marked(HALF_DEAD_FLAG, [2])).toContain("page 2: it is half dead");
  });

  it("reports a split that is incomplete though the parent knows of it", () => {
    expect(marked(INCOMPLETE_SPLIT_FLAG, [2])).not.toEqual([]);
  });

  it("reports one without a right half", () => {
    const tree = treeOf(new BLink(), 2);
    tree.put(10, 10);
    setFlag(asEditor(tree.store.memory.frame(pageId(2))), INCOMPLETE_SPLIT_FLAG, true);
    const problem = "page 2: its split is incomplete, and it has no right sibling";
    expect(tree.problems).toContain(problem);
  });
});

it("holds one latch to read and three to write, pages that nobody else knows not counted", () => {
  const protocol = new BLink();
  const store = new TreeStore({ pageSize: 512, mostEntries: 2 });
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
  const order = protocol.latchOrder(store);
  const op = new Operation(store, taskId(0), driver, order, protocol.reclamation);
  const mostOf = (work: () => Task<unknown>): number => {
    most = 0;
    runToCompletion(work());
    op.leave();
    return most;
  };
  const prng = createPrng("latches");
  let mostToWrite = 0;
  for (let i = 0; i < 2000; i++) {
    const key = bytes(prng.below(200));
    const isPut = prng.below(2000) > i;
    const write = (): Task<boolean> => {
      return isPut ? protocol.put(op, key, key) : protocol.delete(op, key);
    };
    mostToWrite = Math.max(mostToWrite, mostOf(write));
    expect(mostOf(() => protocol.get(op, key))).toBe(1);
  }
  expect(mostToWrite).toBe(3);
  const sink = { row: (): void => undefined };
  expect(mostOf(() => protocol.scan(op, {}, sink))).toBe(1);
  expect(mostOf(() => protocol.scan(op, { reverse: true }, sink))).toBe(1);
});

const COMMANDS = array(tuple(nat(9), nat(60), nat(999)), { maxLength: 300, size: "max" });
const FAILURES = array(nat(3), { minLength: 1, maxLength: 40 });

function obey(tree: OneTree, [kind, key, value]: Command): boolean | number | undefined {
  if (kind < 3) return tree.put(key, value);
  if (kind < 4) return tree.insert(key, value);
  return kind < 8 ? tree.delete(key) : tree.get(key);
}

/** As {@link obey}; one that fails before it takes effect is tried again on a disk that is well. */
function obeyInTheEnd(tree: OneTree, protocol: BreaksOff, command: Command) {
  try {
    return obey(tree, command);
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    tree.op.abort();
    protocol.fails = () => false;
    return obey(tree, command);
  }
}

describe("a B-link tree whose disk fails now and then", () => {
  it("agrees with a sorted map, and other protocols can go on once it is finished", () => {
    let finished = 0;
    let unlinked = 0;
    const run = property(constantFrom(2, 3, 4), COMMANDS, FAILURES, (most, commands, failures) => {
      const protocol = new BreaksOff();
      const tree = treeOf(protocol, most);
      const model = new Map<number, number>();
      let asked = 0;
      const fails = (): boolean => failures[asked++ % failures.length] === 0;
      for (const command of commands) {
        protocol.fails = fails;
        expect(obeyInTheEnd(tree, protocol, command)).toBe(expected(model, command));
        expect(tree.problems).toEqual([]);
        const rows = [...model].toSorted((a, b) => a[0] - b[0]);
        expect(tree.scan({})).toEqual(rows);
        expect(tree.scan({ reverse: true })).toEqual(rows.toReversed());
      }
      protocol.fails = () => false;
      prepare(tree, new Crabbing());
      expect(tree.problems).toEqual([]);
      expect(keysOf(tree, false)).toEqual([...model.keys()].toSorted((a, b) => a - b));
      finished += tree.store.linkCounts.splitsFinished;
      unlinked += tree.store.linkCounts.pagesUnlinked;
    });
    assertProperty(run, { numRuns: budget({ short: 5, campaign: 300 }), seed: 1 });
    expect(finished).toBeGreaterThan(0);
    expect(unlinked).toBeGreaterThan(0);
  });
});
