import { BLink, type Operation, type PageHandle } from "../../btree/index.ts";
import { rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class GoesOnInADeadPage extends BLink {
  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const id = rightOf(leaf);
    leaf.release();
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next; // Nobody asks whether it is dead.
  }
}

export const K61: Bug = {
  id: "K61",
  kind: "decoy",
  protocol: "b-link",
  title: "a forward scan goes on in a page that was merged away",
  explanation:
    "The page died after its left sibling was read, so while the scan ran. It shows the keys " +
    "that it had when it died: each was there at a moment of the scan, which is all that is " +
    "promised. A page that was dead before has no key that comes next.",
  provenance: "why Lanin and Shasha's readers may read a page that is being merged",
  preemptions: null,
  scenario: "capacity 3\ntree [10][30][50,60,70]\ntask scan\ntask delete 10 then delete 30\n",
  make: () => new GoesOnInADeadPage(),
};
