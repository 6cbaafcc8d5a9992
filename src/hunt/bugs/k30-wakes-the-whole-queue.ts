import { Crabbing } from "../../btree/index.ts";
import type { Lsn } from "../../storage/index.ts";
import type { Host } from "../../task/index.ts";
import { CommitQueue, type WaitStep } from "../../wal/commit-queue.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class WakesEverybody extends CommitQueue {
  readonly #host: Host;
  readonly #steps: Set<WaitStep> = new Set();

  constructor(host: Host, objectId: number, start: Lsn) {
    super(host, objectId, start);
    this.#host = host;
  }

  override enter(...of: Parameters<CommitQueue["enter"]>): WaitStep {
    const step = super.enter(...of);
    this.#steps.add(step);
    return step;
  }

  override wakeSettled(): number {
    const settled = super.wakeSettled();
    for (const step of this.#steps) this.#host.wake(step);
    return settled;
  }
}

class LogWithAHerd extends Log {
  protected override makeQueue(host: Host, objectId: number, startLsn: Lsn): CommitQueue {
    return new WakesEverybody(host, objectId, startLsn);
  }
}

export const K30: Bug = {
  id: "K30",
  kind: "decoy",
  protocol: "crabbing",
  title: "whenever the log moves, all who wait for it are woken",
  explanation:
    "Most of them find that they have to wait on, and some are woken who do not wait at all. " +
    "That costs a look each and loses nothing: a task that is woken too early is parked again.",
  provenance: "the thundering herd",
  preemptions: null,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask put 20\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new LogWithAHerd(parts) }),
};
