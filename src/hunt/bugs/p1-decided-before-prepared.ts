import { Crabbing } from "../../btree/index.ts";
import { BatchOverPartitions } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class DecidedBeforePrepared extends BatchOverPartitions {
  // The bug: what is prepared is in the logs, and nobody waits until it is durable.
  protected override *flushAll(): Task<void> {}
}

export const P1: Bug = {
  id: "P1",
  kind: "bug",
  protocol: "crabbing",
  title: "a batch over partitions is decided before what is prepared is durable",
  explanation:
    "The decision is durable when the batch is acknowledged, and recovery asks the other " +
    "partitions for what they have prepared. A crash may have taken that from one of them, for " +
    "each log is synced by itself. Then the batch is made in one partition and not in the other.",
  provenance: "the classic slip of two-phase commit: a vote before it is on the disk",
  preemptions: 0,
  scenario: "capacity 2\ntree [10,20]\ntask batch put 10 and put 20\ncrashes 1\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makeBatches: (...given) => new DecidedBeforePrepared(...given) }),
};
