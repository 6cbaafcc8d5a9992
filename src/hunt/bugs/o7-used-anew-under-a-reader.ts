import { OptimisticCoupling } from "../../btree/index.ts";
import type { Reclamation } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

/** Olc where a page that was unlinked may be used anew at once. */
export class UsesPagesAtOnce extends OptimisticCoupling {
  override readonly reclamation: Reclamation = "at-once";
}

export const O7: Bug = {
  id: "O7",
  kind: "bug",
  protocol: "olc",
  title: "a page that was unlinked is given back under the eyes of a reader",
  explanation:
    "A reader has the version of a leaf, and its frame pinned. The leaf is merged away and " +
    "given back at once, and with it the frame, which the reader still reads.",
  provenance: "kuzu #5547: a node is freed while an optimistic reader is in it",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask get 30\ntask delete 30\ncrashes 0\n",
  make: () => new UsesPagesAtOnce(),
};
