import { Crabbing } from "../../btree/index.ts";
import { BufferPool } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class WritesEndInSilence extends BufferPool {
  // The bug: the page is written, and whoever waits for that is not woken.
  protected override wakeWaiters(): void {}
}

export const W34: Bug = {
  id: "W34",
  kind: "bug",
  protocol: "crabbing",
  title: "a page write that ends wakes nobody who waits for it",
  explanation:
    "The cleaner is writing a page when a checkpoint begins. The checkpoint may not say that " +
    "redo begins later before that write has ended, so it waits. The write ends and wakes " +
    "nobody: no checkpoint is ever made again, and the log grows without end.",
  provenance: "plausible: nobody notices, since the database goes on to work",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask put 10 then clean\ntask get 10 then checkpoint\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makePool: (options) => new WritesEndInSilence(options) }),
};
