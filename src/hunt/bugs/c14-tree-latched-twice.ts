import { type Operation, type RowSink, type ScanRange, TreeReadWrite } from "../../btree/index.ts";
import { SHARED } from "../../latch/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class TreeLatchedTwice extends TreeReadWrite {
  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const iterator = this.latchTree(op, SHARED);
    if (iterator.pending) yield iterator;
    const rows = yield* super.scan(op, range, sink); // The bug: this latches the tree again.
    iterator.release();
    return rows;
  }
}

export const C14: Bug = {
  id: "C14",
  kind: "bug",
  protocol: "tree-rw",
  title: "a scan latches the tree in shared mode twice",
  explanation:
    "Shared latches are compatible, so this works until a writer arrives in between. A latch " +
    "that favours waiting writers then puts the second request behind the writer, and the " +
    "writer waits for the first.",
  provenance:
    "SplinterDB 9b289bf0 (the root read-locked twice); BusTub bd470805 (the same in " +
    "MakeIterator)",
  preemptions: 1,
  scenario: "capacity 2\nfairness writer-preferring\ntree [10,20][30]\ntask scan\ntask insert 15\n",
  make: () => new TreeLatchedTwice(),
};
