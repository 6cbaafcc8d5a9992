import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { Checkpoint } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class CheckpointBeforeData extends Checkpoint {
  protected override *complete(begin: Lsn): Task<void> {
    // The bug: the pages are written, but not durable, when the record has redo begin after them.
    yield* this.writeRecord(begin);
    yield* this.syncPages();
  }
}

export const W8: Bug = {
  id: "W8",
  kind: "bug",
  protocol: "crabbing",
  title: "a checkpoint is recorded before the page file is synced",
  explanation:
    "The checkpoint has written every dirty page and says in the control file that redo begins " +
    "here. A crash before the page file is synced leaves the new control file and an old page, " +
    "and redo does not go back to the change that the page lacks.",
  provenance: "the class of PostgreSQL adf852ba4a and of sled 1516077a",
  preemptions: 0,
  scenario: "capacity 2\ntree [10]\ntask insert 20 then checkpoint\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeCheckpoint: (options) => new CheckpointBeforeData(options) }),
};
