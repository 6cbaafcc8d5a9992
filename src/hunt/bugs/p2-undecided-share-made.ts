import { Crabbing } from "../../btree/index.ts";
import { BatchRecovery } from "../../engine/index.ts";
import type { Bug } from "./bug.ts";

class EveryShareIsMade extends BatchRecovery {
  // The bug: nobody looks whether the batch was decided.
  override hasDecided(): boolean {
    return true;
  }
}

export const P2: Bug = {
  id: "P2",
  kind: "bug",
  protocol: "crabbing",
  title: "recovery makes what a partition has prepared without asking for the decision",
  explanation:
    "What is prepared is durable before the batch is decided. A crash in between leaves it in " +
    "one log, and nothing in the log of the partition that decides. Made all the same, it is " +
    "half a batch: the share of the partition that decides was never logged.",
  provenance: "plausible: presumed abort read as presumed commit",
  preemptions: 0,
  scenario: "capacity 2\ntree [10,20]\ntask batch put 10 and put 20\ncrashes 1\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makeBatchRecovery: (...given) => new EveryShareIsMade(...given) }),
};
