import {
  OptimisticCrabbing,
  type Operation,
  type PageHandle,
  type WriteHandle,
} from "../../btree/index.ts";
import type { PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class LeafLatchUpgraded extends OptimisticCrabbing {
  protected override *latchLeaf(op: Operation, parent: PageHandle, id: PageId): Task<WriteHandle> {
    const leaf = op.shared(id, "leaf");
    if (leaf.pending) yield leaf;
    parent.release();
    // The bug: two that do so wait for each other.
    const upgraded = op.upgrade(leaf, "leaf to write");
    if (upgraded.pending) yield upgraded;
    return upgraded;
  }
}

export const C11: Bug = {
  id: "C11",
  kind: "bug",
  protocol: "optimistic-crabbing",
  title: "a writer upgrades its leaf latch from shared to exclusive",
  explanation:
    "Two writers hold one leaf in shared mode, and each waits for the other's release. Only a " +
    "mode that a single task may hold beside readers, as update (SX), can be upgraded.",
  provenance: "the textbook case for update modes (Gray and Reuter 1993)",
  preemptions: 1,
  scenario: "capacity 4\ntree [10,20][30,40]\ntask insert 15\ntask insert 17\n",
  make: () => new LeafLatchUpgraded(),
};
