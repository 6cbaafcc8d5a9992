import { Foster, type Operation, type PageHandle } from "../../btree/index.ts";
import { rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class FosterParentReleasedEarly extends Foster {
  protected override *toFosterChild(op: Operation, page: PageHandle): Task<PageHandle> {
    const id = rightOf(page);
    page.release(); // The bug: its latch is all that kept the foster child where it is.
    const next = op.shared(id, "foster child");
    if (next.pending) yield next;
    return next;
  }
}

export const F1: Bug = {
  id: "F1",
  kind: "bug",
  protocol: "foster",
  title: "a reader releases the foster parent before it latches the foster child",
  explanation:
    "In the gap a writer adopts the foster child, empties it and merges it away. Its page is " +
    "free at once, as no pointer that anybody may follow leads to it.",
  provenance:
    "plausible: readers of B-link trees do just that, and have another rule for reuse. Zero, " +
    "HP Labs' storage manager of such trees, keeps a second handle in its descent for this",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask insert 15 then get 20\ntask delete 20\n",
  make: () => new FosterParentReleasedEarly(),
};
