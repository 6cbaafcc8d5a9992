import { type GatheredWrite, WriteBatcher } from "../../engine/index.ts";
import { Crabbing } from "../../btree/index.ts";
import type { LatchworkError } from "../../task/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class OnlyTheLeaderHears extends WriteBatcher {
  protected override refuse(batch: readonly GatheredWrite[], error: LatchworkError): void {
    // The bug: the fault is reported to the task that has met it, and to no other.
    super.refuse(batch.slice(0, 1), error);
  }
}

export const A2: Bug = {
  id: "A2",
  kind: "bug",
  protocol: "crabbing",
  title: "the sync of a batch fails, and only the leader reports it",
  explanation:
    "The leader waits for the log, the sync fails, and its own write is rejected. The writes " +
    "that it has carried are woken as if all were well. The power fails, and they are gone.",
  provenance:
    "plausible: the error is thrown where it is met, and the loop that wakes the rest is " +
    "in a finally",
  preemptions: 0,
  scenario:
    "capacity 4\ntree [10,20]\n" +
    "task put 10\ntask put 20\ncrashes 1\nbatching 1,16,4096\nfaults sync\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new OnlyTheLeaderHears(...of)),
};
