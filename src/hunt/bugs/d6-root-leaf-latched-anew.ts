import {
  OptimisticCrabbing,
  type Operation,
  type PageHandle,
  type WriteHandle,
} from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RootLeafLatchedAnew extends OptimisticCrabbing {
  protected override *latchRootLeaf(
    op: Operation,
    meta: PageHandle,
    root: PageHandle,
  ): Task<WriteHandle> {
    const id = root.pageId;
    root.release();
    meta.release(); // The bug: nothing keeps the page the root, or the only leaf, from here on.
    const leaf = op.exclusive(id, "root leaf");
    if (leaf.pending) yield leaf;
    return leaf;
  }
}

export const D6: Bug = {
  id: "D6",
  kind: "bug",
  protocol: "optimistic-crabbing",
  title: "a root that is a leaf is latched anew without the meta page",
  explanation:
    "A writer sees that the root is a leaf, releases it, and latches it exclusively. In the gap " +
    "another writer splits it, so a key of the right half is filed in the left one. Only the " +
    "first split of a tree can show it.",
  provenance:
    "PostgreSQL's _bt_search moves right again after the same relatch; the level-mixing root " +
    "split of Log2n-io/Typhon #739 is what happens when nobody looks again",
  preemptions: 1,
  scenario: "capacity 3\ntree [10,20,22]\ntask insert 25\ntask insert 15\n",
  make: () => new RootLeafLatchedAnew(),
};
