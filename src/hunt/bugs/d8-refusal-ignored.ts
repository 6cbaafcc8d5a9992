import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RefusalIgnored extends Crabbing {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const left = op.tryShared(leftOf(leaf), "left sibling");
    if (left.pending) yield left;
    leaf.release();
    return left; // The bug: the try may have been refused.
  }
}

export const D8: Bug = {
  id: "D8",
  kind: "bug",
  protocol: "crabbing",
  title: "a backward scan reads on though its try-latch was refused",
  explanation:
    "Trying the left sibling nearly always works, so nobody asks whether it did. When a writer " +
    "has the sibling, the scan reads a page that it has not latched and that is being changed.",
  provenance: "plausible: an ignored result of a try-lock, which most languages let pass",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  make: () => new RefusalIgnored(),
};
