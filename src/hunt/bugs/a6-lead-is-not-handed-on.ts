import { Crabbing } from "../../btree/index.ts";
import { Gathering, WriteBatcher } from "../../engine/index.ts";
import { batchedBy } from "./batched-engine.ts";
import type { Bug } from "./bug.ts";

class LeadIsNotHandedOn extends Gathering {
  // The bug: the next in line could lead, and sleeps on.
  protected override wakeLeader(): void {}
}

class WithSuchLines extends WriteBatcher {
  protected override makeGathering(...of: ConstructorParameters<typeof Gathering>): Gathering {
    return new LeadIsNotHandedOn(...of);
  }
}

export const A6: Bug = {
  id: "A6",
  kind: "bug",
  protocol: "crabbing",
  title: "a batch that is made wakes its writers, and not who leads the next one",
  explanation:
    "A write that comes while a batch is being made waits in line. The batch is over, and those " +
    "that were in it are woken. Whoever is first in line may lead now, and nobody says so.",
  provenance: "the class of W31: leaders that hand over in two places, and forget one",
  preemptions: 1,
  scenario: "capacity 4\ntree [10,20]\ntask put 10\ntask put 20\ncrashes 0\nbatching 0,1,4096\n",
  make: () => new Crabbing(),
  parts: () => batchedBy((...of) => new WithSuchLines(...of)),
};
