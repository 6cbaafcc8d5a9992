import { Crabbing, isLeaf, type Operation, type PageHandle, rootOf } from "../../btree/index.ts";
import { childAt, childIndexFor } from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RootIdGoesStale extends Crabbing {
  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    const root = rootOf(meta);
    meta.release(); // The bug: from here on the page may stop being the root.
    let page = op.shared(root, "root");
    if (page.pending) yield page;
    while (!isLeaf(page)) {
      const child = op.shared(childAt(page, childIndexFor(page, key)), "child");
      if (child.pending) yield child;
      page.release();
      page = child;
    }
    return page;
  }
}

export const C3: Bug = {
  id: "C3",
  kind: "bug",
  protocol: "crabbing",
  title: "a reader releases the meta page before it latches the root",
  explanation:
    "The root's id is a pointer like any other, and the meta page is its parent. In the gap a " +
    "writer splits the root; the reader then takes the left half for the whole tree and reports " +
    "keys of the right half missing. If the root collapses instead, the reader meets a free " +
    "page.",
  provenance:
    "the root-id race of BusTub-class engines, which guard the id with a latch of its own",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
  make: () => new RootIdGoesStale(),
};
