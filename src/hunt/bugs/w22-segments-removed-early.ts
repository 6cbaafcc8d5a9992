import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { Checkpoint, type CheckpointOptions, type Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class SegmentsRemovedEarly extends Checkpoint {
  readonly #log: Log;

  constructor(options: CheckpointOptions) {
    super(options);
    this.#log = options.log;
  }

  protected override *complete(begin: Lsn): Task<void> {
    yield* this.syncPages();
    // The bug: the control file still says that redo begins in one of these.
    yield* this.#log.removeBelow(begin);
    yield* this.writeRecord(begin);
  }
}

export const W22: Bug = {
  id: "W22",
  kind: "bug",
  protocol: "crabbing",
  title: "old segments of the log are removed before the control file is replaced",
  explanation:
    "The pages are durable, so the old log looks useless. But as long as the old control file " +
    "is the durable one, recovery begins where it says, and that file of the log is gone: after " +
    "a crash in between the database cannot be opened.",
  provenance: "plausible: the tidying up comes one line too early",
  preemptions: 0,
  scenario:
    "capacity 2\ntree [10,20]\ntask insert 15 then put 10 then checkpoint\ncrashes 1\n" +
    "segment 512\n",
  make: () => new Crabbing(),
  parts: () => ({ makeCheckpoint: (options) => new SegmentsRemovedEarly(options) }),
};
