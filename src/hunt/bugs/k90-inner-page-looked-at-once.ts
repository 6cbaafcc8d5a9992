import {
  isLeaf,
  type Operation,
  OptimisticCoupling,
  type OptimisticPage,
} from "../../btree/index.ts";
import type { PageId, PageView } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class LooksOnlyOnce extends OptimisticCoupling {
  protected override *look<T>(page: OptimisticPage, see: (page: PageView) => T): Task<T | null> {
    if (isLeaf(page)) return yield* super.look(page, see);
    try {
      return see(page);
    } catch {
      return null;
    }
  }

  protected override *couple(
    op: Operation,
    parent: OptimisticPage,
    id: PageId,
  ): Task<OptimisticPage | null> {
    // A torn page may name any number.
    return op.store.space.isFree(id) ? null : yield* super.couple(op, parent, id);
  }
}

export const K90: Bug = {
  id: "K90",
  kind: "decoy",
  protocol: "olc",
  title: "the version of an inner page is looked at only after that of the child was taken",
  explanation:
    "For a moment a child is believed in that a torn page named. But its bytes are not looked " +
    "at before the parent's version was: one look behind the child's version is enough.",
  provenance: "BTreeOLC looks twice, before the child's version is taken and after",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask get 20\ntask insert 15\n",
  make: () => new LooksOnlyOnce(),
};
