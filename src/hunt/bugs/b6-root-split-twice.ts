import { BLink, type Operation, type PageHandle, type WriteHandle } from "../../btree/index.ts";
import { levelOf, META_PAGE, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RootSplitTwice extends BLink {
  protected override *latchParent(
    op: Operation,
    page: PageHandle,
    way: PageId[],
  ): Task<WriteHandle> {
    if (way[levelOf(page) + 1] !== undefined) return yield* super.latchParent(op, page, way);
    const meta = op.exclusive(META_PAGE, "meta");
    if (meta.pending) yield meta;
    return meta; // The bug: that the page was the root on the way down does not make it so now.
  }
}

export const B6: Bug = {
  id: "B6",
  kind: "bug",
  protocol: "b-link",
  title: "a writer that met no page above the root splits it without asking whether it still is",
  explanation:
    "Another writer has put a root over it since. A second one is put over the same page, and " +
    "the pages that only the first knew have no downlink. Every answer is right all the same: " +
    "right links lead to them.",
  provenance: 'PostgreSQL 3888b53a58, "duplicating ROOT page"',
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask insert 15\ntask insert 5\n",
  make: () => new RootSplitTwice(),
};
