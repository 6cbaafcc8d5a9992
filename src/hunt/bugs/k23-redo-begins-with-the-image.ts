import { Crabbing } from "../../btree/index.ts";
import { Recovery } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class RedoBeginsWithTheImage extends Recovery {
  protected override shouldApply(): boolean {
    return true;
  }
}

export const K23: Bug = {
  id: "K23",
  kind: "decoy",
  protocol: "crabbing",
  title: "redo applies every change it reads, whatever the page's position",
  explanation:
    "Worse than W12, it seems, which applies one change too many. But the first record of a " +
    "page since the checkpoint is its image, so a page that is ahead goes back to what it was " +
    "then, and from there through every later change again. W12 skips the image and repeats the " +
    "last change.",
  provenance: "PostgreSQL restores a full page image without looking at the page it replaces",
  preemptions: null,
  scenario:
    "capacity 3\ntree [10,20,30]\ntask put 10 then delete 20 then clean\n" +
    "task get 10 then checkpoint\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeRecovery: (options) => new RedoBeginsWithTheImage(options) }),
};
