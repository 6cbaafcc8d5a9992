import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import { rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ForwardScanTriesFirst extends Crabbing {
  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const tried = op.tryShared(rightOf(leaf), "right sibling");
    if (tried.pending) yield tried;
    if (!tried.isHeld) return yield* super.stepRight(op, leaf);
    leaf.release();
    return tried;
  }
}

export const K3: Bug = {
  id: "K3",
  kind: "decoy",
  protocol: "crabbing",
  title: "a forward scan tries the right sibling, then waits for it while holding",
  explanation:
    "It looks like C6, which waits for a sibling while it holds a leaf. But right is along the " +
    "latch order, so a task that holds the sibling waits for nothing that the scan holds. The " +
    "try is only a guess that fails harmlessly.",
  provenance: "the usual try-then-wait of spinning latches",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask scan\ntask delete 30\ntask insert 15\n",
  make: () => new ForwardScanTriesFirst(),
};
