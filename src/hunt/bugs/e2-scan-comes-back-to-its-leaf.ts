import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ComesBackToItsLeaf extends Crabbing {
  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const { pageId } = leaf;
    leaf.release();
    const again = op.shared(pageId, "leaf again");
    if (again.pending) yield again;
    // The bug: what was right of the leaf when it was read may be in it by now.
    return yield* super.stepRight(op, again);
  }
}

export const E2: Bug = {
  id: "E2",
  kind: "bug",
  protocol: "crabbing",
  title: "a scan releases a leaf that it has read, and goes on behind it when it comes back",
  explanation:
    "A merge has pulled the entries of the next leaf into this one meanwhile. The scan takes " +
    "them for what it has read, goes on to the right, and misses them.",
  provenance:
    "percona-server #5249 (PS-9092): InnoDB's backward scans rest at the edge of a page, and " +
    "pages merge over that edge",
  preemptions: 1,
  scenario: "capacity 4\ntree [10][20][30]\ntask scan limit 2\ntask delete 10\n",
  make: () => new ComesBackToItsLeaf(),
};
