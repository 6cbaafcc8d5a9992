import { Crabbing, type Operation, type RunWrite, WriteRun } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class OneWriteARun extends Crabbing {
  override *writeRun(op: Operation, run: WriteRun): Task<void> {
    const { kind, key, value } = run.next;
    const alone: RunWrite = { kind, key, value, outcome: false };
    const short = new WriteRun([alone]);
    yield* super.writeRun(op, short);
    if (short.isOver) run.answer(alone.outcome);
  }
}

export const K51: Bug = {
  id: "K51",
  kind: "decoy",
  protocol: "crabbing",
  title: "each write of a batch comes down by itself",
  explanation:
    "It descends as often as there are writes, logs a group for each, and lets readers in " +
    "between two writes of one leaf. A batch never promised otherwise.",
  provenance: "the runs are what makes batching pay",
  preemptions: null,
  scenario:
    "capacity 4\ntree [10,20]\n" +
    "task put 10\ntask put 20\ntask get 10\ncrashes 1\nbatching 1,16,4096\n",
  make: () => new OneWriteARun(),
  // Nothing of it is changed, but it takes an engine to batch writes.
  parts: () => ({}),
};
