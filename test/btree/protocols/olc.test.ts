import { describe, expect, it } from "vitest";
import { Operation, OptimisticCoupling, rootOf, type TreeStore } from "../../../src/btree/index.ts";
import { DIRECT_DRIVER, latchId } from "../../../src/latch/index.ts";
import { META_PAGE, pageId, type PageId } from "../../../src/storage/index.ts";
import { runToCompletion, type Step, taskId } from "../../../src/task/index.ts";
import { bytes, OneTree } from "./one-tree.ts";

const protocol = new OptimisticCoupling();
const SIZES = { pageSize: 512, mostEntries: 3 };

function operationOn(store: TreeStore, task: number): Operation {
  const order = protocol.latchOrder(store);
  return new Operation(store, taskId(task), DIRECT_DRIVER, order, protocol.reclamation);
}

function treeOf(count: number): OneTree {
  const tree = new OneTree(protocol, SIZES);
  for (let key = 0; key < count; key++) tree.put(key, key);
  return tree;
}

function figuresOf({ store }: OneTree): Readonly<Record<string, number>> {
  return protocol.figures(store);
}

function rootIdOf({ store }: OneTree): PageId {
  return rootOf(store.memory.frame(META_PAGE));
}

describe("olc", () => {
  it("neither restarts nor waits where nobody else is", () => {
    const tree = treeOf(60);
    for (let key = 0; key < 60; key++) tree.delete((key * 37) % 60);
    expect(tree.problems).toEqual([]);
    expect(figuresOf(tree)).toEqual({ restarts: 0, refusals: 0, byLatches: 0 });
  });

  it("latches nothing to read, and only what it changes to write", () => {
    const tree = treeOf(60);
    const root = tree.store.latches.latch(latchId(rootIdOf(tree)));
    const meta = tree.store.latches.latch(latchId(META_PAGE));
    const before = [root.version, meta.version];
    for (let key = 0; key < 60; key++) tree.get(key);
    tree.scan({});
    tree.scan({ reverse: true });
    for (let key = 0; key < 60; key++) tree.put(key, key + 1);
    expect([root.version, meta.version]).toEqual(before);
  });

  it("gives up after three attempts, and waits for the latch", () => {
    const tree = treeOf(2);
    const holder = operationOn(tree.store, 1);
    const held = holder.exclusive(rootIdOf(tree), "leaf");
    const get = protocol.get(tree.op, bytes(1));
    const wanted = get.next().value as Step;
    expect(figuresOf(tree)).toEqual({ restarts: 3, refusals: 0, byLatches: 1 });
    held.release();
    expect(wanted.take(taskId(0))).toBe(true);
    expect(get.next()).toEqual({ done: true, value: true });
    tree.op.assertIdle();
  });

  it("is refused an upgrade by a reader's latch, and changes nothing until it has it", () => {
    const tree = treeOf(2);
    const holder = operationOn(tree.store, 1);
    const held = holder.shared(rootIdOf(tree), "leaf");
    const put = protocol.put(tree.op, bytes(7), bytes(7));
    const wanted = put.next().value as Step;
    expect(figuresOf(tree)).toEqual({ restarts: 3, refusals: 3, byLatches: 1 });
    held.release();
    expect(wanted.take(taskId(0))).toBe(true);
    expect(put.next()).toEqual({ done: true, value: true });
    expect(tree.get(7)).toBe(7);
  });

  it("keeps what it frees while an earlier operation runs, and refuses its version", () => {
    const tree = treeOf(20);
    const reader = operationOn(tree.store, 1);
    const meta = reader.optimistic(META_PAGE, "meta");
    for (let key = 0; key < 20; key++) {
      runToCompletion(protocol.delete(tree.op, bytes(key)));
      tree.op.leave();
    }
    expect(tree.store.retired.count).toBeGreaterThan(0);
    const retired = Array.from({ length: tree.store.space.highWater }, (_, id) =>
      pageId(id),
    ).filter((id) => id > 1 && !tree.store.space.isFree(id) && id !== rootIdOf(tree));
    expect(retired).toHaveLength(tree.store.retired.count);
    for (const id of retired) expect(reader.optimistic(id, "child").isHeld).toBe(false);
    meta.release();
    reader.leave();
    expect(tree.store.retired.count).toBe(0);
  });

  it("counts the version of a page on when the page is used anew", () => {
    const tree = treeOf(20);
    const { latches, space } = tree.store;
    const ids = Array.from({ length: space.highWater }, (_, id) => pageId(id));
    const before = ids.map((id) => latches.latch(latchId(id)).version);
    for (let key = 0; key < 20; key++) tree.delete(key);
    for (let key = 0; key < 20; key++) tree.put(key, key);
    const after = ids.map((id) => latches.latch(latchId(id)).version);
    expect(space.highWater).toBe(ids.length);
    for (const id of ids.slice(2)) expect(after[id] ?? 0).toBeGreaterThan(before[id] ?? 0);
  });

  it("keeps the latch whose version somebody holds", () => {
    const tree = treeOf(2);
    const root = rootIdOf(tree);
    const page = tree.op.optimistic(root, "leaf");
    tree.store.latches.forget(latchId(root));
    runToCompletion(protocol.put(operationOn(tree.store, 1), bytes(9), bytes(9)));
    expect(runToCompletion(page.read(() => true))).toBeNull();
    page.release();
  });
});
