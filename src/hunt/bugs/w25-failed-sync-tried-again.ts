import { Crabbing } from "../../btree/index.ts";
import { LatchworkError, type Task } from "../../task/index.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class FailedSyncTriedAgain extends Log {
  protected override *syncSegment(): Task<void> {
    try {
      yield* super.syncSegment();
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      // The bug: the system has dropped what it could not write, and has nothing left to sync.
      yield* super.syncSegment();
    }
  }
}

export const W25: Bug = {
  id: "W25",
  kind: "bug",
  protocol: "crabbing",
  title: "a sync of the log that failed is tried again, and its success believed",
  explanation:
    "After a failed sync the system marks what it could not write as clean. The second sync " +
    "finds nothing to do and succeeds, the writer hears that its change is durable, and the " +
    "crash shows that it never was.",
  provenance:
    "PostgreSQL until November 2018, when Ringer and Munro made a failed fsync end the server",
  preemptions: 0,
  scenario: "capacity 2\ntree [10]\ntask put 10\ncrashes 1\nfaults sync\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new FailedSyncTriedAgain(parts) }),
};
