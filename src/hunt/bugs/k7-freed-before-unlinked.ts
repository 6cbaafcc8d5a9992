import {
  absorb,
  type ChangeGroup,
  childAt,
  countOf,
  Crabbing,
  indexOfChild,
  mergeFits,
  type Operation,
  StructureChange,
  type WriteHandle,
} from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class FreesBeforeUnlinking extends StructureChange {
  protected override *mergePage(
    op: Operation,
    change: ChangeGroup,
    parent: WriteHandle,
    page: WriteHandle,
    left: WriteHandle | null,
  ): Task<WriteHandle | null> {
    if (left !== null) return merge(op, change, parent, left, page);
    const index = indexOfChild(parent, page.pageId);
    if (index + 1 >= countOf(parent)) return null;
    const right = op.exclusive(childAt(parent, index + 1), "right sibling");
    if (right.pending) yield right;
    return merge(op, change, parent, page, right);
  }
}

class FreedBeforeUnlinked extends Crabbing {
  protected override readonly structure: StructureChange = new FreesBeforeUnlinking();
}

function merge(
  op: Operation,
  change: ChangeGroup,
  parent: WriteHandle,
  left: WriteHandle,
  right: WriteHandle,
): WriteHandle | null {
  if (!mergeFits(left, right, op.store.params)) return null;
  change.free(right);
  absorb(change.edit(parent), change.edit(left), right);
  return left;
}

export const K7: Bug = {
  id: "K7",
  kind: "decoy",
  protocol: "crabbing",
  title: "a merge gives the page back before it takes its entry out of the parent",
  explanation:
    "Between the two, a pointer leads to a page that is as good as free, as in D10. Here no task " +
    "can follow it: the parent, the left sibling and the page itself are exclusively latched, " +
    "and the page may be used anew only when its latch is released, after every pointer is gone.",
  provenance: "a swap of two lines that a reviewer would stop at",
  preemptions: null,
  scenario:
    "capacity 2\ntree [10,20][30][40]\ntask delete 30\ntask scan\ntask get 40\n" +
    "task scan-back\n",
  make: () => new FreedBeforeUnlinked(),
};
