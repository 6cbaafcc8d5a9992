import { EXCLUSIVE } from "../../latch/index.ts";
import { type Operation, TreeReadWrite } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ChecksAgainOnlyOnce extends TreeReadWrite {
  override *insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (yield* this.get(op, key)) return false;
    const tree = this.latchTree(op, EXCLUSIVE);
    if (tree.pending) yield tree;
    op.cover(tree);
    const isStillAbsent = !(yield* this.walk.get(op, key));
    if (isStillAbsent) yield* this.walk.insert(op, key, value);
    op.uncover();
    tree.release();
    if (isStillAbsent) return true;
    // Somebody was faster: look again.
    if (yield* this.get(op, key)) return false;
    yield* this.put(op, key, value); // The bug: the second time it is not checked again.
    return true;
  }
}

export const D14: Bug = {
  id: "D14",
  kind: "bug",
  protocol: "tree-rw",
  title: "an insert that was outrun looks again, but checks only the first time",
  explanation:
    "Insert looks under a shared latch and checks again under an exclusive one, as it should. " +
    "If the key has appeared meanwhile it starts over, and the second round leaves the check " +
    "out. The key must appear, vanish and appear again, each in a gap of its own, before two " +
    "inserts both say that they added it.",
  provenance:
    "plausible: a retry loop unrolled by hand; LeanStore a42fc93 is a recheck missing on one " +
    "path",
  preemptions: 3,
  scenario:
    "capacity 4\ntree [10]\ntask insert 15\ntask insert 15\ntask delete 15\ntask insert 15\n",
  make: () => new ChecksAgainOnlyOnce(),
};
