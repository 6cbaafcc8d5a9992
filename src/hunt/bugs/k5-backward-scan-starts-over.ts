import { copyLowFence, Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class BackwardScanStartsOver extends Crabbing {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const bound = copyLowFence(leaf);
    leaf.release();
    return yield* this.descendBelow(op, bound);
  }
}

export const K5: Bug = {
  id: "K5",
  kind: "decoy",
  protocol: "crabbing",
  title: "a backward scan releases the leaf and looks for the next from the root",
  explanation:
    "It releases the leaf before it has the left sibling, as C7 does. But it remembers a key and " +
    "no page: whatever splits or merges in the gap, the descent finds the leaf that covers the " +
    "keys below the bound, and rows at or above the bound are not given again.",
  provenance: "LeanStore's iterator, which comes back by the fence key",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15 then delete 30\n",
  make: () => new BackwardScanStartsOver(),
};
