import { BLink, type Operation, type WriteHandle } from "../../btree/index.ts";
import type { PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ReleasesTheChildFirst extends BLink {
  protected override *post(op: Operation, page: WriteHandle, way: PageId[]): Task<void> {
    const { pageId } = page;
    page.release();
    const again = op.exclusive(pageId, "left of a split again");
    if (again.pending) yield again;
    // The bug: somebody who met the mark may have told the parent meanwhile.
    yield* super.post(op, again, way);
  }
}

export const B22: Bug = {
  id: "B22",
  kind: "bug",
  protocol: "b-link",
  title: "a writer lets go of the page that it has split before it tells the parent",
  explanation:
    "As in Lanin and Shasha's tree, where nobody else tells the parent. Here whoever meets the " +
    "mark does, so by the time the writer comes back the parent knows, and is told twice.",
  provenance:
    "two protocols mixed: why PostgreSQL's nbtree, which has such marks, holds the child until " +
    "the parent knows",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 15\ntask insert 25\n",
  make: () => new ReleasesTheChildFirst(),
};
