import { CrabbingPathCache, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Mode } from "../../latch/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ComparesFencesTooEarly extends CrabbingPathCache {
  protected override *tryRemembered(
    op: Operation,
    key: Uint8Array,
    mode: Mode,
  ): Task<PageHandle | null> {
    if (!this.isKnown(op)) return null;
    const { page, incarnation } = op.rememberedLeaf;
    // The bug: what the fences say without the latch may have changed once it is held.
    if (!this.isOfKey(op.store.memory.frame(page), key)) return null;
    const leaf = op.tryAgain(page, incarnation, mode, "leaf remembered");
    if (leaf.pending) yield leaf;
    return leaf.isHeld ? leaf : null;
  }
}

export const H2: Bug = {
  id: "H2",
  kind: "bug",
  protocol: "crabbing-path-cache",
  title: "the fences of the remembered leaf are compared before its latch is held",
  explanation:
    "The leaf has the key between its fences, and is split before its latch is granted. Then the " +
    "key is in the new half, and is looked for, or filed, in the old one.",
  provenance:
    "tursodatabase/turso #7719: the last leaf of a tree, remembered by a cursor, after somebody " +
    "else has split it",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask get 20 then get 20\ntask insert 15\n",
  make: () => new ComparesFencesTooEarly(),
};
