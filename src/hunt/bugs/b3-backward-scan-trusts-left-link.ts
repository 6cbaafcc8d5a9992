import { BLink, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class TrustsLeftLink extends BLink {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const id = leftOf(leaf);
    leaf.release();
    const left = op.shared(id, "left sibling");
    if (left.pending) yield left;
    return left; // The bug: nobody asks whether it still ends where the scan has come to.
  }
}

export const B3: Bug = {
  id: "B3",
  kind: "bug",
  protocol: "b-link",
  title: "a backward scan takes the page that a left link led to for the one before",
  explanation:
    "The left page is split while no latch is held: its upper keys are on a new page between " +
    "the two, and the scan never sees them.",
  provenance: "the PostgreSQL nbtree README on why the page to the left has to be checked",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  make: () => new TrustsLeftLink(),
};
