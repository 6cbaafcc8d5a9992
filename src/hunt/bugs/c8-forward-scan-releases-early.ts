import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import { rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ForwardScanReleasesEarly extends Crabbing {
  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const id = rightOf(leaf);
    leaf.release(); // The bug: right for B-link trees, which keep dead pages for a while.
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next;
  }
}

export const C8: Bug = {
  id: "C8",
  kind: "bug",
  protocol: "crabbing",
  title: "a forward scan releases the leaf before it latches the next",
  explanation:
    "In the gap the next leaf is emptied, merged and freed; the scan latches a free page. A " +
    "right link may be followed unlatched only where pages outlive the operations that may be " +
    "on the way to them.",
  provenance: "following right links as a B-link tree does, without its rule for reuse",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask scan\ntask delete 30\n",
  make: () => new ForwardScanReleasesEarly(),
};
