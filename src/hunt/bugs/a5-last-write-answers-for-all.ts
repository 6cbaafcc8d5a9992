import { type GatheredWrite, WriteBatcher } from "../../engine/index.ts";
import { compareBytes, Crabbing } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class LastWriteAnswersForAll extends WriteBatcher {
  protected override inOrder(batch: readonly GatheredWrite[]): readonly GatheredWrite[] {
    const sorted = super.inOrder(batch);
    return sorted.filter((write, at) => !isOfOneKey(write, sorted[at + 1]));
  }

  protected override *acknowledge(batch: readonly GatheredWrite[]): Task<void> {
    for (const write of batch) {
      const made = batch.findLast((other) => isOfOneKey(write, other)) ?? write;
      // The bug: what the last one found is not what those before would have.
      write.outcome = made.outcome;
      write.position = made.position;
    }
    yield* super.acknowledge(batch);
  }
}

function isOfOneKey(write: GatheredWrite, other: GatheredWrite | undefined): boolean {
  return other !== undefined && compareBytes(write.key, other.key) === 0;
}

export const A5: Bug = {
  id: "A5",
  kind: "bug",
  protocol: "crabbing",
  title: "of the writes of one key only the last is made, and answers for all of them",
  explanation:
    "Two inserts of one key come into one batch. Only the second is made: nobody would see the " +
    "value of the first. It adds the key, and both report that they did.",
  provenance: "plausible: the write-combining of a log or a cache, where a write has no answer",
  preemptions: 0,
  scenario:
    "capacity 4\ntree [10,20]\ntask insert 15\ntask insert 15\ncrashes 0\nbatching 1,16,4096\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new LastWriteAnswersForAll(...of)),
};
