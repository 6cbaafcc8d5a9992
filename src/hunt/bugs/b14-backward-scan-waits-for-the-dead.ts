import { BLink, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf, rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class WaitsForTheDead extends BLink {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const origin = leaf.pageId;
    let id = leftOf(leaf);
    leaf.release();
    for (;;) {
      const left = op.shared(id, "left sibling");
      if (left.pending) yield left;
      if (rightOf(left) === origin) return left;
      left.release();
      // The bug: the page it comes from may be dead itself, and then nobody is left of it.
      const again = op.shared(origin, "leaf again");
      if (again.pending) yield again;
      id = leftOf(again);
      again.release();
    }
  }
}

export const B14: Bug = {
  id: "B14",
  kind: "bug",
  protocol: "b-link",
  title: "a backward scan looks for the page left of one that is dead",
  explanation:
    "The leaf that it comes from was merged away. No page has a right link to it any more, so " +
    "the scan asks the dead page for its left link again and again.",
  provenance: "step 4 of the backward scan in the PostgreSQL nbtree README",
  preemptions: 1,
  scenario: "capacity 2\ntree [10][30]\ntask scan-back\ntask delete 10\n",
  make: () => new WaitsForTheDead(),
};
