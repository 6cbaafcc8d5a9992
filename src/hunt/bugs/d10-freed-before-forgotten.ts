import {
  type ChangeGroup,
  Crabbing,
  type Operation,
  PageGuard,
  StructureChange,
  type WriteHandle,
} from "../../btree/index.ts";
import type { LatchGuard } from "../../latch/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class FreesBeforeRelinking extends StructureChange {
  protected override *relinkRight(
    op: Operation,
    change: ChangeGroup,
    pages: readonly WriteHandle[],
  ): Task<void> {
    change.commit();
    // The bug: the right neighbour's left link still leads to these pages.
    for (const guard of op.owner.held.filter(isGivenBack)) guard.release();
    change.open();
    yield* super.relinkRight(op, change, pages);
  }
}

class FreedBeforeForgotten extends Crabbing {
  protected override readonly structure: StructureChange = new FreesBeforeRelinking();
}

function isGivenBack(guard: LatchGuard): boolean {
  return guard instanceof PageGuard && guard.isFreedOnRelease;
}

export const D10: Bug = {
  id: "D10",
  kind: "bug",
  protocol: "crabbing",
  title: "a merge frees the page before its right neighbour forgets it",
  explanation:
    "The parent and the left sibling no longer lead to the emptied page, so it is released and " +
    "freed. One pointer was overlooked: the right neighbour's left link, along which a backward " +
    "scan tries the page that was just freed.",
  provenance:
    "plausible; PostgreSQL unlinks a page from both siblings before it may be recycled, for " +
    "this reason",
  preemptions: 1,
  scenario: "capacity 3\ntree [10][20][30]\ntask delete 10\ntask scan-back\n",
  make: () => new FreedBeforeForgotten(),
};
