import { Foster, type Operation, type PageHandle } from "../../btree/index.ts";
import { rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ScanByRightLink extends Foster {
  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const next = op.shared(rightOf(leaf), "right sibling");
    if (next.pending) yield next;
    leaf.release();
    return next;
  }
}

export const K70: Bug = {
  id: "K70",
  kind: "decoy",
  protocol: "foster",
  title: "a forward scan goes on by the right link, which leads to no foster child",
  explanation:
    "So there are two pointers to a page. But right links are kept right, and a page is freed " +
    "only by who holds its left sibling exclusively, so to couple keeps it, and right is along " +
    "the order.",
  provenance: "what the paper's trees do without",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30][40]\ntask scan\ntask delete 30\ntask insert 15\n",
  make: () => new ScanByRightLink(),
};
