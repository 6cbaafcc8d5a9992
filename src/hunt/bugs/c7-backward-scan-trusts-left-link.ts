import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class BackwardScanTrustsLeftLink extends Crabbing {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const id = leftOf(leaf);
    leaf.release(); // The bug: the link is read, then nothing keeps it true.
    const left = op.shared(id, "left sibling");
    if (left.pending) yield left;
    return left;
  }
}

export const C7: Bug = {
  id: "C7",
  kind: "bug",
  protocol: "crabbing",
  title: "a backward scan releases the leaf and trusts its left link",
  explanation:
    "In the gap the left leaf splits, and its upper keys move to a new page between the two. " +
    "The scan goes on in the lower half and never sees them.",
  provenance:
    "the PostgreSQL nbtree README on why a left link has to be checked after following it",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  make: () => new BackwardScanTrustsLeftLink(),
};
