import { BLink, type Operation } from "../../btree/index.ts";
import { NO_PAGE, type PageId, rightOf, setLeft, setRight } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class UnlinkTrustsItsLeft extends BLink {
  override *unlink(op: Operation, id: PageId, from: PageId): Task<void> {
    const left = op.exclusive(from, "left sibling");
    if (left.pending) yield left; // The bug: it may be the left sibling no more.
    const dead = op.exclusive(id, "half-dead page");
    if (dead.pending) yield dead;
    const change = op.change();
    const next = rightOf(dead);
    setRight(change.edit(left), next);
    if (next !== NO_PAGE) {
      const neighbour = op.exclusive(next, "right neighbour");
      if (neighbour.pending) yield neighbour;
      setLeft(change.edit(neighbour), left.pageId);
    }
    change.free(dead);
    change.commit();
    op.releaseAll();
  }
}

export const B11: Bug = {
  id: "B11",
  kind: "bug",
  protocol: "b-link",
  title: "a dead page is unlinked from a page that need not be beside it any more",
  explanation:
    "What took over its keys was split between the two steps of the merge. Its new right half " +
    "is beside the dead page, and is cut out of the chain together with it.",
  provenance: "what the loop in PostgreSQL's _bt_unlink_halfdead_page is for",
  preemptions: 1,
  scenario: "capacity 2\ntree [30][40,50]\ntask delete 30\ntask insert 45\n",
  make: () => new UnlinkTrustsItsLeft(),
};
