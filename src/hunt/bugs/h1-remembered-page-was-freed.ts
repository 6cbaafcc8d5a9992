import { CrabbingPathCache, type Operation, type PageHandle } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ForgetsThatPagesAreFreed extends CrabbingPathCache {
  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    const { page } = op.rememberedLeaf;
    const leaf = this.isKnown(op) ? op.tryShared(page, "leaf remembered") : null;
    if (leaf?.pending === true) yield leaf;
    // The bug: what the page is by now was not asked, only what its fences are.
    if (leaf?.isHeld === true && this.isOfKey(leaf, key)) return leaf;
    if (leaf?.isHeld === true) leaf.release();
    op.rememberedLeaf.forget();
    return yield* super.descendShared(op, key);
  }
}

export const H1: Bug = {
  id: "H1",
  kind: "bug",
  protocol: "crabbing-path-cache",
  title: "a reader does not compare the incarnation of the leaf that it remembers",
  explanation:
    "The leaf was merged away since, and its page is free, or is another page by now: an inner " +
    "one, perhaps, which has fences too. The bytes of a free page still say that the key is in it.",
  provenance: "tursodatabase/turso #6052: a cursor kept by page number, and the page used anew",
  preemptions: 1,
  scenario: "capacity 2\ntree [10][20,30]\ntask get 20 then get 20\ntask delete 10\n",
  make: () => new ForgetsThatPagesAreFreed(),
};
