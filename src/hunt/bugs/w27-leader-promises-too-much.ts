import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class LeaderPromisesTooMuch extends Log {
  protected override durableThrough(): Lsn {
    // The bug: others have appended while the leader wrote and synced.
    return this.endLsn;
  }
}

export const W27: Bug = {
  id: "W27",
  kind: "bug",
  protocol: "crabbing",
  title: "the leader of a group commit publishes the end of the log, not of what it wrote",
  explanation:
    "While the leader waits for its sync, another writer appends to the next block and waits. " +
    "The leader comes back and calls everything durable up to the end of the log as it is now. " +
    "The other writer is woken with a promise about a block that was never written.",
  provenance: "plausible: the position is read after the sync instead of before the write",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask put 20\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new LeaderPromisesTooMuch(parts) }),
};
