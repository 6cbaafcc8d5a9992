import type { Bug } from "./bug.ts";
import { VersionBeginsAnew } from "./version-begins-anew.ts";

export const K93: Bug = {
  id: "K93",
  kind: "decoy",
  protocol: "olc",
  title: "the version of a page begins anew once nobody is left who could remember it",
  explanation:
    "Pages are used anew only after all operations have ended that had begun when they were " +
    "unlinked. Nobody else has a version of one.",
  provenance: "the other half of O6",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 35\ntask delete 30 then insert 15\n",
  make: () => new VersionBeginsAnew(),
};
