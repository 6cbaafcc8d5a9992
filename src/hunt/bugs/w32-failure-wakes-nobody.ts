import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import type { Host } from "../../task/index.ts";
import { CommitQueue } from "../../wal/commit-queue.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class OnlyGoodNews extends CommitQueue {
  override wakeSettled(): number {
    // The bug: those who wait are woken on success only.
    return this.state === "open" ? super.wakeSettled() : 0;
  }
}

class LogWithOnlyGoodNews extends Log {
  protected override makeQueue(host: Host, objectId: number, startLsn: Lsn): CommitQueue {
    return new OnlyGoodNews(host, objectId, startLsn);
  }
}

export const W32: Bug = {
  id: "W32",
  kind: "bug",
  protocol: "crabbing",
  title: "a flush that fails wakes nobody who waited for it",
  explanation:
    "The leader's sync fails. The leader throws that to its own caller. The others who wait for" +
    " the same flush could learn of it too, but nobody wakes them, so their callers wait for an " +
    "answer that never comes.",
  provenance:
    "plausible: the wakeup is at the end of the good path, and the fault leaves before it",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask put 20\ncrashes 0\nfaults sync\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new LogWithOnlyGoodNews(parts) }),
};
