import { Crabbing } from "../../btree/index.ts";
import { BufferPool, type PageWrite } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class CleanAfterWriting extends BufferPool {
  protected override markClean(): void {}

  override endWrite(write: PageWrite, ok: boolean): void {
    super.endWrite(write, ok);
    // The bug: the page may have changed since it was copied, and counts as written all the same.
    if (ok && this.isDirty(write.id)) super.markClean(write.id);
  }
}

export const W6: Bug = {
  id: "W6",
  kind: "bug",
  protocol: "crabbing",
  title: "a page is marked clean when its write has ended, not when it was copied",
  explanation:
    "The page changes while its copy is on the way to the file. When the write has ended the " +
    "page is called clean, and the change is nowhere but in memory and in the log. The next " +
    "checkpoint sees nothing to write and lets redo begin later: a change that was acknowledged " +
    "is lost.",
  provenance:
    "plausible; why PostgreSQL clears a flag of its own, BM_JUST_DIRTIED, before it writes a " +
    "buffer and looks at it again after",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask put 10=1 then clean\ntask put 10=2 then checkpoint\n" +
    "crashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makePool: (options) => new CleanAfterWriting(options) }),
};
