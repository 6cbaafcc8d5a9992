import {
  type ChangeGroup,
  HeldStructure,
  type LatchedPath,
  type Operation,
  OptimisticCoupling,
  PageGuard,
  type StructureChange,
} from "../../btree/index.ts";
import { setFlag, UNLINKED_FLAG } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class MarksNoPage extends HeldStructure {
  override *mergeUp(op: Operation, change: ChangeGroup, path: LatchedPath): Task<void> {
    yield* super.mergeUp(op, change, path);
    for (const guard of op.owner.held) {
      const isFreed = guard instanceof PageGuard && guard.isFreedOnRelease;
      const page = isFreed ? op.heldToWrite(guard.pageId) : null;
      if (page !== null) setFlag(change.edit(page), UNLINKED_FLAG, false);
    }
  }
}

class NothingIsObsolete extends OptimisticCoupling {
  protected override readonly structure: StructureChange = new MarksNoPage();
}

export const K91: Bug = {
  id: "K91",
  kind: "decoy",
  protocol: "olc",
  title: "a page that was merged away is not marked as obsolete",
  explanation:
    "Whoever takes its version afterwards came by a parent that has changed, and sees that " +
    "next. Versions only count up, and the page is kept, so the mark is a short cut.",
  provenance: "the obsolete bit of BTreeOLC and ART",
  preemptions: null,
  scenario: "capacity 2\ntree [10][30]\ntask get 30\ntask delete 30\n",
  make: () => new NothingIsObsolete(),
};
