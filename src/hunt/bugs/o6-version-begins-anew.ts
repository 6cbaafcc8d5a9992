import type { Reclamation } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";
import { VersionBeginsAnew } from "./version-begins-anew.ts";

class BeginsAnewAtOnce extends VersionBeginsAnew {
  // The bug needs both: kept until earlier operations end, no version in use would begin anew.
  override readonly reclamation: Reclamation = "at-once";
}

export const O6: Bug = {
  id: "O6",
  kind: "bug",
  protocol: "olc",
  title: "the version of a page begins anew when the page is used anew, and that is at once",
  explanation:
    "A writer takes the version of a leaf. The leaf is merged away, and the page becomes " +
    "another leaf, with the version that the writer remembers. It writes its key there.",
  provenance:
    "bcachefs-tools #879, a node that is used again with a small sequence number; kuzu #5547 " +
    "is the half that frees too early",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 35\ntask delete 30 then insert 15\n",
  make: () => new BeginsAnewAtOnce(),
};
