import { Crabbing } from "../../btree/index.ts";
import { BatchOverPartitions, type Share } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class EveryLogFlushed extends BatchOverPartitions {
  protected override *prepare(batch: number, first: Share, others: readonly Share[]): Task<void> {
    yield* super.prepare(batch, first, others);
    const all = [first, ...others];
    yield* this.flushAll(
      all,
      all.map(({ partition }) => partition.state.log.endLsn),
    );
  }
}

export const K40: Bug = {
  id: "K40",
  kind: "decoy",
  protocol: "crabbing",
  title: "before a batch is decided the logs of all its partitions are made durable as a whole",
  explanation:
    "It flushes more than P1 leaves out: also the log of the partition that decides, up to its " +
    "end, in which nothing of this batch is yet. That costs syncs, and a change that is durable " +
    "before its acknowledgement is allowed.",
  provenance: "plausible: one helper that flushes everything, called to be safe",
  preemptions: null,
  scenario:
    "capacity 4\ntree [10,20]\ntask batch put 10 and put 20\ntask get 10\ncrashes 1\n" +
    "partitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makeBatches: (...given) => new EveryLogFlushed(...given) }),
};
