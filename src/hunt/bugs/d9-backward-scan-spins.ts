import { Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class BackwardScanSpins extends Crabbing {
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    for (;;) {
      const left = op.tryShared(leftOf(leaf), "left sibling");
      if (left.pending) yield left;
      if (!left.isHeld) continue; // The bug: the leaf is still held, and its left wants it.
      leaf.release();
      return left;
    }
  }
}

export const D9: Bug = {
  id: "D9",
  kind: "bug",
  protocol: "crabbing",
  title: "a backward scan tries the left sibling again and again",
  explanation:
    "A split holds the left leaf and waits for the right one. The scan holds the right one and " +
    "tries the left, is refused, and tries again: nobody waits in a cycle, so it is no " +
    "deadlock, and yet neither gets on. A refusal is only worth something if the latches held " +
    "are released.",
  provenance:
    "Log2n-io/Typhon #695, a livelock of spinning writers; SplinterDB #631, where a split loops " +
    "on a claim that an iterator holds",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  make: () => new BackwardScanSpins(),
};
