import { Crabbing, find, type Operation } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class MissKeepsItsLatch extends Crabbing {
  override *get(op: Operation, key: Uint8Array): Task<boolean> {
    const leaf = yield* this.descendShared(op, key);
    const index = find(leaf, key);
    if (index < 0) return false; // The bug: an early return past the release.
    op.keepValue(leaf, index);
    leaf.release();
    return true;
  }
}

export const D7: Bug = {
  id: "D7",
  kind: "bug",
  protocol: "crabbing",
  title: "a get that finds nothing keeps its leaf latched",
  explanation:
    "The early return leaves the latch held. Readers do not mind; the next writer of that leaf " +
    "waits for ever, long after the get has answered.",
  provenance: "the kind of path that the review of Seagate cortx-motr #814 looks for",
  preemptions: 0,
  scenario: "capacity 2\ntree [10,20]\ntask get 15\n",
  make: () => new MissKeepsItsLatch(),
};
