import { BLink, type Operation, type WriteHandle } from "../../btree/index.ts";
import { hasFlag, INCOMPLETE_SPLIT_FLAG, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

export class LooksAtTheMarkAgain extends BLink {
  protected override *post(op: Operation, page: WriteHandle, way: PageId[]): Task<void> {
    const { pageId } = page;
    page.release();
    const again = op.exclusive(pageId, "left of a split again");
    if (again.pending) yield again;
    if (!hasFlag(again, INCOMPLETE_SPLIT_FLAG)) return again.release();
    yield* super.post(op, again, way);
  }
}

export const K62: Bug = {
  id: "K62",
  kind: "decoy",
  protocol: "b-link",
  title: "a writer lets go of the page that it has split, and comes back for it",
  explanation:
    "As B22, but it looks at the mark again. Under the latch of the page the mark says whether " +
    "the parent knows, whoever told it. It costs a latch, and others do its work.",
  provenance: "plausible: Lanin and Shasha's order of latches with PostgreSQL's marks",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 15\ntask insert 25\n",
  make: () => new LooksAtTheMarkAgain(),
};
