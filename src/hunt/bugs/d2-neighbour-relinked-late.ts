import {
  type ChangeGroup,
  Crabbing,
  type Operation,
  StructureChange,
  type WriteHandle,
} from "../../btree/index.ts";
import { NO_PAGE, rightOf, setLeft } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RelinksLate extends StructureChange {
  protected override *relinkRight(
    op: Operation,
    change: ChangeGroup,
    pages: readonly WriteHandle[],
  ): Task<void> {
    const isSplit = pages.some((page) => page.isFresh);
    if (!isSplit) return yield* super.relinkRight(op, change, pages);
    const links = pages.map((page) => ({ next: rightOf(page), left: page.pageId }));
    change.commit();
    op.releaseAll(); // The bug: the split can be seen, and the neighbour does not know of it.
    change.open();
    for (const { next, left } of links) {
      if (next === NO_PAGE) continue;
      const neighbour = op.exclusive(next, "right neighbour");
      if (neighbour.pending) yield neighbour;
      setLeft(change.edit(neighbour), left);
    }
  }
}

class NeighbourRelinkedLate extends Crabbing {
  protected override readonly structure: StructureChange = new RelinksLate();
}

export const D2: Bug = {
  id: "D2",
  kind: "bug",
  protocol: "crabbing",
  title: "a split fixes the neighbour's left link after it has released everything",
  explanation:
    "To hold less at once, the split commits and releases all before it latches its neighbour. " +
    "In the gap a backward scan leaves that neighbour for the old left half and misses every " +
    "key that moved to the new page; if the neighbour is merged away in the gap, the split " +
    "meets a free page.",
  provenance: "orioledb #1036 has the symptom: backward scans step over a leaf while leaves split",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask scan-back\n",
  make: () => new NeighbourRelinkedLate(),
};
