import { Crabbing } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import { Checkpoint } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class SyncedTwice extends Checkpoint {
  protected override *syncPages(): Task<void> {
    yield* super.syncPages();
    yield* super.syncPages();
  }
}

export const K20: Bug = {
  id: "K20",
  kind: "decoy",
  protocol: "crabbing",
  title: "a checkpoint syncs the page file twice",
  explanation:
    "It looks like W25. But the second sync comes after one that succeeded, and only makes " +
    "durable what writers have given to the file meanwhile, which is no harm.",
  provenance: "the habit of calling sync twice",
  preemptions: null,
  scenario: "capacity 2\ntree [10]\ntask put 10 then checkpoint\ntask put 10\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeCheckpoint: (options) => new SyncedTwice(options) }),
};
