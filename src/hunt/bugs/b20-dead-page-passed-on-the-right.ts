import { type Aim, BLink, isDead, type Operation, type PageHandle } from "../../btree/index.ts";
import { NO_PAGE, type PageId, rightOf } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class PassesTheDeadOnTheRight extends BLink {
  protected override sideStep(op: Operation, page: PageHandle, aim: Aim): PageId {
    // The bug: in a tree whose pages are merged to the left, the keys of a dead page are there.
    if (isDead(page) && rightOf(page) !== NO_PAGE) return rightOf(page);
    return super.sideStep(op, page, aim);
  }
}

export const B20: Bug = {
  id: "B20",
  kind: "bug",
  protocol: "b-link",
  title: "a reader that comes to a dead page moves right",
  explanation:
    "Its key is in the page that the dead one was merged into, to the left. To the right " +
    "there are only higher ones.",
  provenance:
    "plausible: two ways to delete pages, mixed. PostgreSQL moves right, as it gives the keys of " +
    "a dead page to the right; Lanin and Shasha give them to the left",
  preemptions: 1,
  scenario: "capacity 3\ntree [10][30][50,60,70]\ntask get 30\ntask delete 10\n",
  make: () => new PassesTheDeadOnTheRight(),
};
