import { countOf, Crabbing, isLeaf, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class LoneChildrenAllowed extends Crabbing {
  protected override isSafe(
    op: Operation,
    page: PageHandle,
    isRoot: boolean,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    const isLazy = value === null && !isRoot && !isLeaf(page) && countOf(page) > 1;
    return isLazy || super.isSafe(op, page, isRoot, key, value);
  }
}

export const K6: Bug = {
  id: "K6",
  kind: "decoy",
  protocol: "crabbing",
  title: "an inner page with two children is called safe for a delete",
  explanation:
    "The page may be left with one child, and no page above it is latched to merge it. That " +
    "is allowed, and happens in the right protocol too where the siblings are full: such a " +
    "page finds every key as before, and the next split of its child gives it a second one. " +
    "Only the root must not be left so, and it is not.",
  provenance: "free-at-empty (Johnson and Shasha 1993), one step further",
  preemptions: null,
  scenario:
    "capacity 2\ntree [10,20][30][40,50][60]\ntask delete 30 then delete 60\n" +
    "task delete 10 then insert 15\ntask scan-back\n",
  make: () => new LoneChildrenAllowed(),
};
