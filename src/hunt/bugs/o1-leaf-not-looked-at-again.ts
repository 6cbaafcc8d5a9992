import { isLeaf, OptimisticCoupling, type OptimisticPage } from "../../btree/index.ts";
import type { PageView } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class BelievesTheLeaf extends OptimisticCoupling {
  protected override *look<T>(page: OptimisticPage, see: (page: PageView) => T): Task<T | null> {
    if (!isLeaf(page)) return yield* super.look(page, see);
    return see(page); // The bug: its version may have moved since it was taken.
  }
}

export const O1: Bug = {
  id: "O1",
  kind: "bug",
  protocol: "olc",
  title: "the version of a leaf is not looked at again after it was read",
  explanation:
    "A writer changes the leaf while it is read. What was read is half of the page before and " +
    "half of the page after, and a key that is in both is in neither half.",
  provenance: "LeanStore a42fc93, a missing recheck",
  preemptions: 1,
  scenario: "capacity 3\ntree [10,20]\ntask get 20\ntask insert 5\n",
  make: () => new BelievesTheLeaf(),
};
