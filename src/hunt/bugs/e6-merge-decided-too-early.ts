import { BLink, isUnderfull, mergeFits, type Operation } from "../../btree/index.ts";
import type { PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class DecidesTooEarly extends BLink {
  protected override *mergeTwo(
    op: Operation,
    leftId: PageId,
    rightId: PageId,
    way: PageId[],
  ): Task<boolean | null> {
    const { params } = op.store;
    const left = op.shared(leftId, "left to look at");
    if (left.pending) yield left;
    const right = op.shared(rightId, "right to look at");
    if (right.pending) yield right;
    const isThin = isUnderfull(left, params) || isUnderfull(right, params);
    const mayMerge = isThin && mergeFits(left, right, params);
    op.releaseAll();
    return mayMerge ? yield* super.mergeTwo(op, leftId, rightId, way) : null;
  }

  protected override canMerge(): boolean {
    return true; // The bug: it was so before the two were latched.
  }
}

export const E6: Bug = {
  id: "E6",
  kind: "bug",
  protocol: "b-link",
  title: "whether two pages fit into one is decided before they are latched to be merged",
  explanation:
    "An entry comes into one of them in between. Together they do not fit any more, and the " +
    "merge is made all the same.",
  provenance:
    "mysql-server 777bf2aab0 and percona-server #3924: pages were looked at before they were " +
    "latched",
  preemptions: 1,
  scenario: "capacity 2\ntree [10][20]\ntask delete 10\ntask insert 25 then insert 15\n",
  make: () => new DecidesTooEarly(),
};
