import { Foster, type Operation, type PageHandle } from "../../btree/index.ts";
import { leftOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class LeftLinkFollowed extends Foster {
  protected override *stepLeft(
    op: Operation,
    leaf: PageHandle,
    seen: Uint8Array,
  ): Task<PageHandle> {
    // The bug: no split and no merge has told this page who its left neighbour is.
    const left = op.tryShared(leftOf(leaf), "left sibling");
    if (left.pending) yield left;
    if (!left.isHeld) return yield* super.stepLeft(op, leaf, seen);
    leaf.release();
    return left;
  }
}

export const F7: Bug = {
  id: "F7",
  kind: "bug",
  protocol: "foster",
  title: "a backward scan tries the left link before it comes down anew",
  explanation:
    "Left links are not kept: the page has been split, and the one that its right half follows " +
    "does not know. The scan steps over the right half.",
  provenance:
    "the class of fenix-framework #137, leaves whose next and previous disagree after a split; " +
    "why the paper's trees have no sibling links",
  preemptions: 0,
  scenario: "capacity 2\ntree [10,20][40]\ntask insert 15 then scan-back\n",
  make: () => new LeftLinkFollowed(),
};
