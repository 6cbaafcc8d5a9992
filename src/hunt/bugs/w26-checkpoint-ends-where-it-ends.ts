import { Crabbing } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import { Checkpoint, type CheckpointOptions, type Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class CheckpointEndsWhereItEnds extends Checkpoint {
  readonly #log: Log;

  constructor(options: CheckpointOptions) {
    super(options);
    this.#log = options.log;
  }

  protected override *complete(): Task<void> {
    yield* this.syncPages();
    // The bug: what was logged since the checkpoint began need not be in the page file.
    const end = this.#log.endLsn;
    yield* this.#log.flushTo(end);
    yield* this.writeRecord(end);
  }
}

export const W26: Bug = {
  id: "W26",
  kind: "bug",
  protocol: "crabbing",
  title: "a checkpoint lets redo begin where it ended, not where it began",
  explanation:
    "Writers run during a checkpoint. A page that one of them changes after its turn is dirty " +
    "again, and its change lies between the begin and the end of the checkpoint. Redo that " +
    "begins at the end leaves it out.",
  provenance:
    "the textbook slip of fuzzy checkpoints, against which ARIES logs their begin and end",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10 then checkpoint\ntask put 10\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeCheckpoint: (options) => new CheckpointEndsWhereItEnds(options) }),
};
