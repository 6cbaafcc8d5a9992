import { expect, it } from "vitest";
import { BLink, LaninShasha, Operation } from "../../../src/btree/index.ts";
import { hasFlag, INCOMPLETE_SPLIT_FLAG, pageId } from "../../../src/storage/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { assert, LatchworkError, runToCompletion, taskId } from "../../../src/task/index.ts";
import type { Task } from "../../../src/task/index.ts";
import { bytes, OneTree } from "./one-tree.ts";

/** Notes what is held while the parent is looked for. */
class LooksRound extends LaninShasha {
  readonly held: number[] = [];
  readonly marked: boolean[] = [];
  readonly noted: boolean[] = [];

  protected override *findParent(...about: Parameters<LaninShasha["findParent"]>): Task<void> {
    const [op, { page }] = about;
    this.held.push(op.owner.held.length);
    this.marked.push(hasFlag(op.store.memory.frame(page), INCOMPLETE_SPLIT_FLAG));
    this.noted.push(op.store.postings.isUnderWay(page));
    yield* super.findParent(...about);
    this.held.push(op.owner.held.length);
  }
}

it("holds nothing while it looks for the parent, and no note is left", () => {
  const protocol = new LooksRound();
  const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 2 });
  for (let key = 0; key < 40; key++) tree.put(key, key);
  expect(protocol.held.length).toBeGreaterThan(40);
  expect(new Set(protocol.held)).toEqual(new Set([0]));
  expect(new Set([...protocol.marked, ...protocol.noted])).toEqual(new Set([true]));
  const pages = Array.from({ length: tree.store.space.highWater }, (_, id) => pageId(id));
  expect(pages.filter((id) => tree.store.postings.isUnderWay(id))).toEqual([]);
  expect(tree.problems).toEqual([]);
  expect(tree.scan({}).map(([key]) => key)).toEqual(Array.from({ length: 40 }, (_, key) => key));
});

it("waits for nobody where a crash has left a mark", () => {
  class BreaksOff extends BLink {
    protected override *post(op: Operation): Task<void> {
      op.releaseAll();
    }
  }
  const broken = new OneTree(new BreaksOff(), { pageSize: 512, mostEntries: 2 });
  for (const key of [10, 20, 15]) broken.put(key, key);
  const { store, op } = broken;
  expect(store.linkCounts.splitsFinished).toBe(0);
  const protocol = new LaninShasha();
  for (const key of [12, 25]) runToCompletion(protocol.put(op, bytes(key), bytes(key)));
  expect(store.linkCounts.splitsFinished).toBe(1);
  op.leave();
  op.assertIdle();
  expect(broken.problems).toEqual([]);
});

/** The disk fails one writer that has split the root, once others wait for what it would tell. */
class FailsAtTheRoot extends LaninShasha {
  /** Makes others come, and wait. */
  meanwhile: () => void = () => undefined;
  #hasFailed = false;
  #waits = 0;

  protected override *findParent(...about: Parameters<LaninShasha["findParent"]>): Task<void> {
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      this.meanwhile();
      throw new LatchworkError("DISK_ERROR", "the page of the root cannot be read now");
    }
    yield* super.findParent(...about);
  }

  protected override *untilTold(op: Operation, page: ReturnType<typeof pageId>): Task<void> {
    assert(this.#waits++ < 10, "nobody waits for what nobody will tell");
    yield* super.untilTold(op, page);
  }
}

it("finishes the split of the root itself where whoever was to tell of it has given up", () => {
  const protocol = new FailsAtTheRoot();
  const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 2 });
  const { store } = tree;
  const other = new Operation(store, taskId(1), DIRECT_DRIVER, protocol.latchOrder(store));
  const waiting: Task<boolean>[] = [];
  protocol.meanwhile = () => {
    for (let key = 21; waiting.length === 0 && key < 30; key++) {
      const put = protocol.put(other, bytes(key), bytes(key));
      if (put.next().done !== true) waiting.push(put);
    }
  };
  for (const key of [10, 20, 15]) tree.put(key, key);
  const [put] = waiting;
  assert(put !== undefined, "a split beside the root waits for the root's");
  runToCompletion(put);
  other.leave();
  other.assertIdle();
  expect(store.linkCounts.splitsFinished).toBe(1);
  expect(tree.problems).toEqual([]);
  expect(tree.scan({}).map(([key]) => key)).toEqual([10, 15, 20, 21, 22]);
});
