import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import type { Host } from "../../task/index.ts";
import { CommitQueue } from "../../wal/commit-queue.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class DeafForAWhile extends CommitQueue {
  isDeaf = false;

  override wakeSettled(): number {
    return this.isDeaf ? 0 : super.wakeSettled();
  }
}

class LogThatEndsBatchesInSilence extends Log {
  #queue: DeafForAWhile | null = null;

  override endBatch(): void {
    // The bug: the limit of the next flush moves, and those who wait for that are not woken.
    if (this.#queue !== null) this.#queue.isDeaf = true;
    super.endBatch();
    if (this.#queue !== null) this.#queue.isDeaf = false;
  }

  override beginBatch(...of: Parameters<Log["beginBatch"]>): void {
    this.#queue = this.queue instanceof DeafForAWhile ? this.queue : null;
    super.beginBatch(...of);
  }

  protected override makeQueue(host: Host, objectId: number, startLsn: Lsn): CommitQueue {
    return new DeafForAWhile(host, objectId, startLsn);
  }
}

export const W33: Bug = {
  id: "W33",
  kind: "bug",
  protocol: "crabbing",
  title: "the end of a batch wakes nobody who waits for one of its positions",
  explanation:
    "A reader that was promised durable values sees the first write of a batch. It has to wait " +
    "for the log up to there, and no flush may go into a batch that has not ended. Then the " +
    "batch ends, and the reader could lead a flush. Nobody wakes it. It sleeps until the next " +
    "flush of somebody else, and if the batch's own is the last and fails, for ever.",
  provenance: "plausible: what a position waits for changes in two places, and one was forgotten",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask batch put 10 and put 20\ntask get 10\ncrashes 0\nreads durable\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new LogThatEndsBatchesInSilence(parts) }),
};
