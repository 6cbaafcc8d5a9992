import { atKey, BLink, isDead, type Operation, type PageHandle } from "../../btree/index.ts";
import { rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class CouplesToTheRight extends BLink {
  protected override *stepRight(
    op: Operation,
    leaf: PageHandle,
    seen: Uint8Array,
  ): Task<PageHandle> {
    const next = op.shared(rightOf(leaf), "right sibling");
    if (next.pending) yield next;
    leaf.release();
    if (!isDead(next)) return next;
    // It was half dead when the leaf was read; what it held is not what comes next.
    next.release();
    return yield* this.descend(op, atKey(seen), 0);
  }
}

export const K60: Bug = {
  id: "K60",
  kind: "decoy",
  protocol: "b-link",
  title: "a forward scan latches the right sibling before it releases the leaf",
  explanation:
    "It holds two latches where B-link readers hold one, as Lehman and Yao's writers do. " +
    "Right is along the latch order, so it costs concurrency and nothing else.",
  provenance: "Lehman and Yao's move.right, which couples",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask scan\ntask delete 30\ntask insert 15\n",
  make: () => new CouplesToTheRight(),
};
