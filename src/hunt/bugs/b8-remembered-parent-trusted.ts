import { BLink, type Operation, type PageHandle, type WriteHandle } from "../../btree/index.ts";
import { levelOf, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class TrustsItsWay extends BLink {
  protected override *latchParent(
    op: Operation,
    page: PageHandle,
    way: PageId[],
  ): Task<WriteHandle> {
    const hint = way[levelOf(page) + 1];
    if (hint === undefined) return yield* super.latchParent(op, page, way);
    const parent = op.exclusive(hint, "parent");
    if (parent.pending) yield parent;
    return parent; // The bug: it may have been split since, and the downlink be further right.
  }
}

export const B8: Bug = {
  id: "B8",
  kind: "bug",
  protocol: "b-link",
  title: "a writer takes the page that it came down by for the parent",
  explanation:
    "Another writer has split that page, and the downlink is in its right half now. The " +
    "separator goes into a page that does not cover it, if nobody checks.",
  provenance: "the cousin of PostgreSQL ba9b9a6e62; Lehman and Yao's move.right on the way up",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][40,50]\ntask insert 45\ntask insert 15\n",
  make: () => new TrustsItsWay(),
};
