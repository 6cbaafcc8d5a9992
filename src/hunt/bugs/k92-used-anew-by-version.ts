import type { Bug } from "./bug.ts";
import { UsesPagesAtOnce } from "./o7-used-anew-under-a-reader.ts";

export const K92: Bug = {
  id: "K92",
  kind: "decoy",
  protocol: "olc",
  title: "a page that was unlinked may be used anew at once, where all pages stay in memory",
  explanation:
    "Nothing is taken away from a reader here, as O7 takes the frame. Each use of a page counts " +
    "its version up and none begins anew, so whoever remembers an old one is refused.",
  provenance: "the other half of O6",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 35\ntask delete 30 then insert 15\n",
  make: () => new UsesPagesAtOnce(),
};
