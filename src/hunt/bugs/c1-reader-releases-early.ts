import {
  childAt,
  childIndexFor,
  Crabbing,
  isLeaf,
  type Operation,
  type PageHandle,
  rootOf,
} from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

/** Leaves a gap between the parent and the child. */
export class ReaderReleasesEarly extends Crabbing {
  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    let page = op.shared(rootOf(meta), "root");
    if (page.pending) yield page;
    meta.release();
    while (!isLeaf(page)) {
      const id = childAt(page, childIndexFor(page, key));
      page.release(); // The bug: between here and the next line the child may split or be freed.
      page = op.shared(id, "child");
      if (page.pending) yield page;
    }
    return page;
  }
}

export const C1: Bug = {
  id: "C1",
  kind: "bug",
  protocol: "crabbing",
  title: "a reader releases the parent before it latches the child",
  explanation:
    "In the gap a writer splits the child. The reader then looks for its key in the left half, " +
    "from which it has just been moved, and reports it missing.",
  provenance: "a pitfall of the BusTub class of student engines",
  preemptions: 1,
  scenario: "capacity 3\ntree [10,20,30][40]\ntask get 30\ntask insert 15\n",
  make: () => new ReaderReleasesEarly(),
};
