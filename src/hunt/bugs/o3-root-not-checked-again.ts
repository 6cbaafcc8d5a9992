import { OptimisticCoupling, type Operation, type OptimisticPage } from "../../btree/index.ts";
import { META_PAGE, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class TrustsTheRoot extends OptimisticCoupling {
  protected override *couple(
    op: Operation,
    parent: OptimisticPage,
    id: PageId,
  ): Task<OptimisticPage | null> {
    if (parent.pageId !== META_PAGE) return yield* super.couple(op, parent, id);
    const root = op.optimistic(id, "root");
    while (root.pending) yield root;
    return root.isHeld ? root : null; // The bug: it may be the root no more.
  }
}

export const O3: Bug = {
  id: "O3",
  kind: "bug",
  protocol: "olc",
  title: "whether the root is still the root is not asked after its version was taken",
  explanation:
    "The root is split between the two. Its version is that of the left half, from which half " +
    "of the keys are gone, and moves no more.",
  provenance: "the check of the root in BTreeOLC's loop (index-microbench)",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
  make: () => new TrustsTheRoot(),
};
