import { Crabbing } from "../../btree/index.ts";
import { Engine } from "../../engine/index.ts";
import type { Session, Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class RefusalNotAwaited extends Engine {
  override *acknowledge(session: Session): Task<void> {
    // The bug: what the operation saw has to be durable as well.
    yield* this.state.log.waitDurable(this.operationOf(session).lastLsn);
  }
}

export const W28: Bug = {
  id: "W28",
  kind: "bug",
  protocol: "crabbing",
  title: "an insert that finds its key there says so before that is durable",
  explanation:
    "It has changed nothing, so it has nothing to wait for, one should think. But its answer " +
    "rests on another task's insert, which is in memory only. The crash takes that away, and " +
    "afterwards there is no order in which the answer was right.",
  provenance: "plausible: W10 for a write that changes nothing",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask insert 20\ntask insert 20\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new RefusalNotAwaited(state) }),
};
