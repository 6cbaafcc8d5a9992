import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class BackwardScanWaitsLeft extends Crabbing {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const left = op.shared(leftOf(leaf), "left sibling"); // The bug: left may only be tried.
    if (left.pending) yield left;
    leaf.release();
    return left;
  }
}

export const C6: Bug = {
  id: "C6",
  kind: "bug",
  protocol: "crabbing",
  title: "a backward scan waits for the left sibling while it holds the leaf",
  explanation:
    "A split holds the left leaf and waits for its right neighbour, whose left link it must " +
    "fix; the scan holds that neighbour and waits for the left leaf.",
  provenance: "why MariaDB's btr_latch_prev only tries, and else releases and latches in order",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  make: () => new BackwardScanWaitsLeft(),
};
