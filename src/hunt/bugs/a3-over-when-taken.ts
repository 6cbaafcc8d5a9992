import { Crabbing } from "../../btree/index.ts";
import { type GatheredWrite, Gathering, WriteBatcher } from "../../engine/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class OverWhenTaken extends Gathering {
  override take(): GatheredWrite[] {
    const batch = super.take();
    // The bug: the leader has them, so nobody need wait any more.
    this.settle(batch.filter((write) => !write.isLeading));
    return batch;
  }

  override leave({ outcome }: GatheredWrite): boolean {
    return outcome;
  }
}

class WithSuchLines extends WriteBatcher {
  protected override makeGathering(...of: ConstructorParameters<typeof Gathering>): Gathering {
    return new OverWhenTaken(...of);
  }
}

export const A3: Bug = {
  id: "A3",
  kind: "bug",
  protocol: "crabbing",
  title: "a write is over when the leader has taken it, and its own task reads the old value",
  explanation:
    "A put of a key that is there knows its answer beforehand, and is told that it is done while " +
    "its leader is still on the way down. The same task reads the key and finds the value of " +
    "before.",
  provenance: "plausible: write-behind, which is quick and forgets who waits",
  preemptions: 1,
  scenario:
    "capacity 4\ntree [10,20]\n" +
    "task put 20\ntask put 10 then get 10\ncrashes 0\nbatching 1,16,4096\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new WithSuchLines(...of)),
};
