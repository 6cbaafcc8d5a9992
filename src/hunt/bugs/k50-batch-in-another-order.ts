import { type GatheredWrite, WriteBatcher } from "../../engine/index.ts";
import { Crabbing } from "../../btree/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class BatchInAnotherOrder extends WriteBatcher {
  protected override inOrder(batch: readonly GatheredWrite[]): readonly GatheredWrite[] {
    return super.inOrder(batch.toReversed());
  }
}

export const K50: Bug = {
  id: "K50",
  kind: "decoy",
  protocol: "crabbing",
  title: "the writes of one key in a batch are made in the order in which they did not come",
  explanation:
    "It looks like A1. But each gets its own answer, and all of them are in flight at once, so " +
    "no caller that awaits its writes could tell. Who does not is promised the order in which " +
    "the calls were made, which is no matter of linearizability: a test of the engine asks for " +
    "it.",
  provenance: "an unstable sort",
  preemptions: null,
  scenario:
    "capacity 4\ntree [10,20]\ntask insert 15\ntask delete 15\ncrashes 1\nbatching 1,16,4096\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new BatchInAnotherOrder(...of)),
};
