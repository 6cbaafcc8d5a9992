import { Crabbing } from "../../btree/index.ts";
import { type BatchWrite, Engine } from "../../engine/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Session, Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class LatchesBeforeTheGate extends Engine {
  override *batch(session: Session, writes: readonly BatchWrite[]): Task<void> {
    // The bug: a gate is held across latches, never the other way round.
    const op = this.operationOf(session);
    const meta = op.exclusive(META_PAGE, "shut to readers");
    if (meta.pending) yield meta;
    const wait = this.gate.enter(op.owner.taskId, true);
    if (wait !== null) yield wait;
    this.gate.leave(op.owner.taskId);
    meta.release();
    yield* super.batch(session, writes);
  }
}

export const W40: Bug = {
  id: "W40",
  kind: "bug",
  protocol: "crabbing",
  title: "a batch latches the meta page before it goes into the gate",
  explanation:
    "To keep readers from seeing half of it, a batch latches the page that every descent begins" +
    " with, and then waits at the gate until all writers are out. A writer that is inside and " +
    "on its way to that page waits for the latch.",
  provenance: "plausible: two kinds of waiting, each with a rule of its own and none between them",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask batch put 10 and put 20\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new LatchesBeforeTheGate(state) }),
};
