import { type GatheredWrite, WriteBatcher } from "../../engine/index.ts";
import { Crabbing } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class LeaderWaitsForItsOwn extends WriteBatcher {
  protected override *acknowledge(batch: readonly GatheredWrite[]): Task<void> {
    // The bug: its own write, and not the last of the batch, which has gone to another leaf.
    yield* super.acknowledge(batch.slice(0, 1));
  }
}

export const A7: Bug = {
  id: "A7",
  kind: "bug",
  protocol: "crabbing",
  title: "the leader of a batch waits for its own change to be durable, and wakes all",
  explanation:
    "The leader's write is the first leaf run and another's is the second. Between the two, the " +
    "log is flushed for somebody else. The leader finds its change durable and wakes the other, " +
    "whose change is still in memory when the power fails.",
  provenance: "plausible: the wait of a single write, left as it was when writes were batched",
  preemptions: 1,
  scenario:
    "capacity 4\ntree [10,20][30,40]\n" +
    "task put 10\ntask put 30\ntask checkpoint\ncrashes 1\nbatching 1,2,4096\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new LeaderWaitsForItsOwn(...of)),
};
