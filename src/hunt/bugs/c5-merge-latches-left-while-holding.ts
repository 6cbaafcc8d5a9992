import {
  childAt,
  Crabbing,
  type LatchedPath,
  type Operation,
  type WriteHandle,
} from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class MergeLatchesLeftWhileHolding extends Crabbing {
  protected override *latchWithLeft(
    op: Operation,
    path: LatchedPath,
    parent: WriteHandle,
    child: WriteHandle,
    index: number,
  ): Task<WriteHandle> {
    // The bug: the child is still held, and a forward scan comes the other way.
    const left = op.exclusive(childAt(parent, index - 1), "left sibling");
    if (left.pending) yield left;
    path.push(child, left);
    return child;
  }
}

export const C5: Bug = {
  id: "C5",
  kind: "bug",
  protocol: "crabbing",
  title: "a merge latches the left sibling while it holds the page",
  explanation:
    "A delete holds the last leaf and waits for its left sibling; a forward scan holds that " +
    "sibling and waits for the last leaf. Holding the parent exclusively does not help, as the " +
    "scan comes along the leaves.",
  provenance: "the class of sled #1520 and SplinterDB #631",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask delete 30\ntask scan\n",
  make: () => new MergeLatchesLeftWhileHolding(),
};
