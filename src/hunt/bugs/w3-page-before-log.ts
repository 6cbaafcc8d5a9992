import { Crabbing } from "../../btree/index.ts";
import { Cleaner } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class PageBeforeLog extends Cleaner {
  // The bug: the page goes to the file without asking how far the log is.
  protected override *flushFirst(): Task<void> {}
}

export const W3: Bug = {
  id: "W3",
  kind: "bug",
  protocol: "crabbing",
  title: "the cleaner writes a page before the log of its changes is durable",
  explanation:
    "A split touches several pages, and the cleaner writes one of them at once. The crash takes " +
    "the log of the split, which nobody was promised. But the page file has one page of it, " +
    "here the meta page that names a root which was never written, and nothing can undo that: " +
    "keys that were there long before cannot be found.",
  provenance: "the rule of write-ahead logging itself (Mohan et al., ARIES, TODS 1992)",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask insert 15\ntask get 10 then clean\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeCleaner: (options) => new PageBeforeLog(options) }),
};
