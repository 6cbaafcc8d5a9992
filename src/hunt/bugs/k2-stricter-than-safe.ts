import { countOf, Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class StricterThanSafe extends Crabbing {
  protected override isSafe(
    op: Operation,
    page: PageHandle,
    isRoot: boolean,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    if (!super.isSafe(op, page, isRoot, key, value)) return false;
    const { mostEntries } = op.store.params;
    return value === null || mostEntries === 0 || countOf(page) < mostEntries - 1;
  }
}

export const K2: Bug = {
  id: "K2",
  kind: "decoy",
  protocol: "crabbing",
  title: "a page with room for one more entry is not called safe",
  explanation:
    "An off-by-one like C4's, in the other direction. Ancestors are kept latched that will not " +
    "change; whether the leaf splits is decided by its room, not by what is held.",
  provenance: "the safe direction of the student classic",
  preemptions: null,
  scenario:
    "capacity 3\ntree [10,20][30,40]\ntask insert 15 then insert 17\ntask insert 35\n" +
    "task scan\n",
  make: () => new StricterThanSafe(),
};
