import { Crabbing, type Operation } from "../../btree/index.ts";
import { type BatchWrite, Engine } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class CleansWithinBatches extends Engine {
  protected override *writeInBatch(op: Operation, write: BatchWrite): Task<boolean> {
    // The bug: what this batch has changed cannot be written before the batch has ended.
    yield* this.cleanOne(op.session);
    return yield* super.writeInBatch(op, write);
  }
}

export const W41: Bug = {
  id: "W41",
  kind: "bug",
  protocol: "crabbing",
  title: "a batch writes dirty pages to the file between its writes",
  explanation:
    "A long batch makes room in the pool on its way. The page that it cleans is one that it has" +
    " changed itself, so the log has to be durable up to that change first. But no flush goes " +
    "into a batch that has not ended: the batch waits for its own end.",
  provenance: "plausible: the cleaning was moved from the beginning of a write into the loop",
  preemptions: 0,
  scenario: "capacity 2\ntree [10]\ntask batch put 10 and put 20\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new CleansWithinBatches(state) }),
};
