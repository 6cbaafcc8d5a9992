import { BLink, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class CouplesLeft extends BLink {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const left = op.shared(leftOf(leaf), "left sibling");
    if (left.pending) yield left; // The bug: it waits to the left while it holds the leaf.
    leaf.release();
    return left;
  }
}

export const B4: Bug = {
  id: "B4",
  kind: "bug",
  protocol: "b-link",
  title: "a backward scan latches the left sibling before it releases the leaf",
  explanation:
    "A split of the left page holds it and waits for the right one, whose left link it " +
    "changes. The scan holds the right one and waits for the left.",
  provenance: "PostgreSQL's nbtpage.c: safe when moving right or up, not when moving left or down",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  make: () => new CouplesLeft(),
};
