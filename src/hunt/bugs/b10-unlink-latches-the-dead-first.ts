import { BLink, type Operation } from "../../btree/index.ts";
import type { PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class LatchesTheDeadFirst extends BLink {
  override *unlink(op: Operation, id: PageId, from: PageId, end: Uint8Array | null): Task<void> {
    const dead = op.exclusive(id, "half-dead page");
    if (dead.pending) yield dead;
    const left = op.exclusive(from, "left sibling");
    if (left.pending) yield left; // The bug: it waits to the left while it holds the dead page.
    op.releaseAll();
    yield* super.unlink(op, id, from, end);
  }
}

export const B10: Bug = {
  id: "B10",
  kind: "bug",
  protocol: "b-link",
  title: "a half-dead page is latched before its left sibling",
  explanation:
    "The left sibling is split: whoever does that holds it and waits for the dead page, its " +
    "right neighbour. Whoever unlinks the dead page holds that and waits for the left " +
    "sibling.",
  provenance: "the comment on the order of latches in PostgreSQL's _bt_unlink_halfdead_page",
  preemptions: 1,
  scenario: "capacity 2\ntree [30][40,50]\ntask delete 30\ntask insert 45\n",
  make: () => new LatchesTheDeadFirst(),
};
