import {
  type LatchedPath,
  OptimisticCrabbing,
  type Operation,
  type PageHandle,
  type WriteHandle,
} from "../../btree/index.ts";
import type { PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

interface Seen {
  readonly parent: PageId;
  readonly leaf: PageId;
}

class RetryRemembersItsPages extends OptimisticCrabbing {
  readonly #seen = new WeakMap<Operation, Seen>();

  protected override latchLeaf(op: Operation, parent: PageHandle, id: PageId): Task<WriteHandle> {
    this.#seen.set(op, { parent: parent.pageId, leaf: id });
    return super.latchLeaf(op, parent, id);
  }

  protected override latchRootLeaf(
    op: Operation,
    meta: PageHandle,
    root: PageHandle,
  ): Task<WriteHandle> {
    this.#seen.delete(op);
    return super.latchRootLeaf(op, meta, root);
  }

  protected override *descendExclusive(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const seen = this.#seen.get(op);
    if (value === null || seen === undefined) return yield* super.descendExclusive(op, key, value);
    // The bug: both pages were released, so either may have been split, merged or freed.
    const parent = op.exclusive(seen.parent, "parent remembered");
    if (parent.pending) yield parent;
    if (!this.isSafe(op, parent, false, key, value)) {
      parent.release();
      return yield* super.descendExclusive(op, key, value);
    }
    const leaf = op.exclusive(seen.leaf, "leaf remembered");
    if (leaf.pending) yield leaf;
    const path = op.path.clear();
    path.push(parent);
    path.push(leaf);
    return path;
  }
}

export const C12: Bug = {
  id: "C12",
  kind: "bug",
  protocol: "optimistic-crabbing",
  title: "the second attempt latches the pages that the first remembered",
  explanation:
    "The first attempt finds the leaf full and releases it. Before the second begins, another " +
    "writer splits that leaf, and the key now belongs to the new half. The second attempt goes " +
    "straight back to the old leaf and files the key where no search looks for it.",
  provenance: "the class of Log2n-io/Typhon #679, a stale separator",
  preemptions: 1,
  scenario: "capacity 4\ntree [10,20,22,24][30,40]\ntask insert 25\ntask insert 15\n",
  make: () => new RetryRemembersItsPages(),
};
