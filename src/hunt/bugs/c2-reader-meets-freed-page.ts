import type { Bug } from "./bug.ts";
import { ReaderReleasesEarly } from "./c1-reader-releases-early.ts";

export const C2: Bug = {
  id: "C2",
  kind: "bug",
  protocol: "crabbing",
  title: "a reader releases the parent, and the child is merged away",
  explanation:
    "The same gap as in C1, met by a merge. A delete empties the child, moves what is left into " +
    "its sibling and frees the page; the reader then latches a page that is free, or already " +
    "something else.",
  provenance: "a pitfall of the BusTub class of student engines",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask get 30\ntask delete 30\n",
  make: () => new ReaderReleasesEarly(),
};
