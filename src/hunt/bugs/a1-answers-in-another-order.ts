import { type GatheredWrite, WriteBatcher } from "../../engine/index.ts";
import { Crabbing } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class AnswersInAnotherOrder extends WriteBatcher {
  protected override inOrder(batch: readonly GatheredWrite[]): readonly GatheredWrite[] {
    // The bug: the sort is stable, and the line was read from its end.
    return super.inOrder(batch.toReversed());
  }

  protected override *acknowledge(batch: readonly GatheredWrite[]): Task<void> {
    const made = this.inOrder(batch).map(({ outcome }) => outcome);
    for (const [at, write] of super.inOrder(batch).entries()) write.outcome = made[at] === true;
    yield* super.acknowledge(batch);
  }
}

export const A1: Bug = {
  id: "A1",
  kind: "bug",
  protocol: "crabbing",
  title: "two writes of one key are swapped in a batch, and each gets the answer of the other",
  explanation:
    "A delete of a key that is not there and an insert come into one batch, and the insert is " +
    "made first. The first answer, which is that something was done, goes to the delete, which " +
    "came first: it reports that it removed a key, which is there.",
  provenance: "plausible: an unstable sort, and answers that are handed out by place",
  preemptions: 0,
  scenario:
    "capacity 4\ntree [10,20]\ntask insert 15\ntask delete 15\ncrashes 0\nbatching 1,16,4096\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new AnswersInAnotherOrder(...of)),
};
