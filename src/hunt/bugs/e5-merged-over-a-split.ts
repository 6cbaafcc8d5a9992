import type { Operation, PageHandle } from "../../btree/index.ts";
import { isDead, mergeFits } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";
import { LooksAtTheMarkAgain } from "./k62-child-released-and-looked-at.ts";

class MergesOverASplit extends LooksAtTheMarkAgain {
  protected override canMerge({ store }: Operation, left: PageHandle, right: PageHandle): boolean {
    // The bug: it does not ask whether the left one's split is complete.
    return !isDead(left) && !isDead(right) && mergeFits(left, right, store.params);
  }
}

export const E5: Bug = {
  id: "E5",
  kind: "bug",
  protocol: "b-link",
  title: "a page is merged into its left sibling, whose split is not complete",
  explanation:
    "The parent has the two side by side, but between them there is the right half that it does " +
    "not know yet. The merge goes over it, and its keys come to stand behind greater ones.",
  provenance: "why PostgreSQL's _bt_leftsib_splitflag looks for the mark of 40dae7ec53",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 15\ntask delete 30\n",
  make: () => new MergesOverASplit(),
};
