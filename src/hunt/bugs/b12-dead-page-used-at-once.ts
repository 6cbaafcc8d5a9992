import { BLink } from "../../btree/index.ts";
import type { Reclamation } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class UsesDeadPagesAtOnce extends BLink {
  // The bug: whoever has read a pointer holds nothing that keeps the page from being used anew.
  override readonly reclamation: Reclamation = "at-once";
}

export const B12: Bug = {
  id: "B12",
  kind: "bug",
  protocol: "b-link",
  title: "a page that was unlinked may be used anew at once",
  explanation:
    "A reader has read a pointer to it, and released the page it read that from. The page is " +
    "merged away and free by the time the reader comes to it.",
  provenance: "PostgreSQL d3abbbebe5; its README: a deleted page cannot be reclaimed immediately",
  preemptions: 1,
  scenario: "capacity 2\ntree [10][30]\ntask get 30\ntask delete 10\n",
  make: () => new UsesDeadPagesAtOnce(),
};
