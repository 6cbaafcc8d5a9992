import { BLink, type ChangeGroup, type Operation, type WriteHandle } from "../../btree/index.ts";
import { NO_PAGE, type PageId, setLeft } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ChangesWhereTheDeadLead extends BLink {
  protected override *relink(
    op: Operation,
    change: ChangeGroup,
    id: PageId,
    left: PageId,
  ): Task<WriteHandle | null> {
    if (id === NO_PAGE) return null;
    const neighbour = op.exclusive(id, "right neighbour");
    if (neighbour.pending) yield neighbour;
    setLeft(change.edit(neighbour), left); // The bug: also if it is dead.
    return neighbour;
  }
}

export const B21: Bug = {
  id: "B21",
  kind: "bug",
  protocol: "b-link",
  title: "a split changes the left link of a neighbour that is half dead",
  explanation:
    "The left link of a dead page leads to the page that took over its keys. That is split, " +
    "and the link changed to its right half; a reader with a key of the left half is led past " +
    "it, and nobody moves left from a live page.",
  provenance: "plausible: the outlink of Lanin and Shasha kept in a field that has another use",
  preemptions: 2,
  scenario: "capacity 2\ntree [30][40,50]\ntask get 40\ntask delete 30\ntask insert 45\n",
  make: () => new ChangesWhereTheDeadLead(),
};
