import { countOf, Crabbing, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class FullPageCalledSafe extends Crabbing {
  protected override isSafe(
    op: Operation,
    page: PageHandle,
    isRoot: boolean,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    const { mostEntries } = op.store.params;
    if (value === null || mostEntries === 0) return super.isSafe(op, page, isRoot, key, value);
    return countOf(page) <= mostEntries; // The bug: `<`, since the entry is still to come.
  }
}

export const C4: Bug = {
  id: "C4",
  kind: "bug",
  protocol: "crabbing",
  title: "a full page is called safe for an insert",
  explanation:
    "The test for safety is off by one, so the latches above a full leaf are released. The " +
    "leaf splits all the same, and its separator has no latched parent to go to. No second task " +
    "is needed.",
  provenance: "the classic slip of student engines in the safe-node rule",
  preemptions: 0,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 25 then insert 27\n",
  make: () => new FullPageCalledSafe(),
};
