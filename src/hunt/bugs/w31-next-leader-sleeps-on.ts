import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import type { Host } from "../../task/index.ts";
import { CommitQueue } from "../../wal/commit-queue.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class NamesNoLeader extends CommitQueue {
  // The bug: those who were served are woken, and nobody else.
  protected override wakeLeader(): void {}
}

class LogWithoutNextLeader extends Log {
  protected override makeQueue(host: Host, objectId: number, startLsn: Lsn): CommitQueue {
    return new NamesNoLeader(host, objectId, startLsn);
  }
}

export const W31: Bug = {
  id: "W31",
  kind: "bug",
  protocol: "crabbing",
  title: "a flush that ends wakes those it served, and not who leads the next one",
  explanation:
    "While the leader writes and syncs, another writer appends to the next block and waits. The" +
    " flush ends, does not reach its position, and has nobody to wake. The writer could lead a " +
    "flush now and does not know it. It sleeps until somebody else comes and leads by chance.",
  provenance:
    "the class that leader-based group commit is prone to; the leaders of MySQL and RocksDB " +
    "hand over to the next one for this reason",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask put 20\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new LogWithoutNextLeader(parts) }),
};
