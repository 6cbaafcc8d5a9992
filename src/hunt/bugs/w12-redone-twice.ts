import { Crabbing } from "../../btree/index.ts";
import { type Lsn, lsnOf, type PageView } from "../../storage/index.ts";
import { Recovery } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class RedoneTwice extends Recovery {
  protected override shouldApply(page: PageView, position: Lsn): boolean {
    // The bug: a page at this position has the change already.
    return lsnOf(page) <= position;
  }
}

export const W12: Bug = {
  id: "W12",
  kind: "bug",
  protocol: "crabbing",
  title: "redo applies a change to a page that has just that position already",
  explanation:
    "The page was written after its last change, a delete, which is logged as the removal of " +
    "entry number one. Redo finds the page at that very position and removes entry number one " +
    "once more: another key. The first record since a checkpoint is an image, which can be " +
    "applied twice without harm, so the bug shows only from the second on.",
  provenance: "the classic slip in the redo test of ARIES, where undo and redo compare differently",
  preemptions: 0,
  scenario: "capacity 3\ntree [10,20,30]\ntask put 10 then delete 20 then clean\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeRecovery: (options) => new RedoneTwice(options) }),
};
