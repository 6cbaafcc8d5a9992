import { Crabbing } from "../../btree/index.ts";
import { Latch, LatchTable, type LatchGuard, type LatchId } from "../../latch/index.ts";
import type { Bug } from "./bug.ts";

class NotifiesOne extends Latch {
  #notified = 0;

  override release(guard: LatchGuard): void {
    this.#notified = 0;
    super.release(guard);
  }

  protected override notify(guard: LatchGuard): void {
    // The bug: the latch is granted to all readers at the head of the queue, and one is notified.
    if (this.#notified++ === 0) super.notify(guard);
    else guard.state = "granted";
  }
}

class TableOfSuch extends LatchTable {
  protected override makeLatch(id: LatchId): Latch {
    return new NotifiesOne(id, this.fairness);
  }
}

export const W38: Bug = {
  id: "W38",
  kind: "bug",
  protocol: "crabbing",
  title: "a latch that is handed to several readers wakes only the first",
  explanation:
    "Two readers wait for a leaf that a writer has latched. The writer releases it and both are " +
    "granted the latch, but only one of them is woken. The other one holds a latch and sleeps, " +
    "and the next writer waits behind it.",
  provenance: "plausible: signal where broadcast was meant, the classic of condition variables",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask get 10\ntask get 10\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLatches: (...of) => new TableOfSuch(...of) }),
};
