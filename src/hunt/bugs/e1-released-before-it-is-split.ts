import {
  BLink,
  find,
  hasRoomFor,
  insertEntry,
  type Operation,
  type PutRule,
} from "../../btree/index.ts";
import type { PageEditor, PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ReleasesBeforeItSplits extends BLink {
  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const way: PageId[] = [];
    const leaf = yield* this.descendToWrite(op, key, way);
    const { pageId } = leaf;
    const isFull = !hasRoomFor(leaf, op.store.params, key.length, value.length);
    const mustSplit = isFull && find(leaf, key) < 0;
    leaf.release();
    if (!mustSplit) return yield* super.upsert(op, key, value, rule);
    const again = op.exclusive(pageId, "leaf to split");
    if (again.pending) yield again;
    // The bug: it may have been split since, and the key belong into its right half.
    const enter = (home: PageEditor): void => void insertEntry(home, key, value);
    yield* this.splitInTwo(op, op.change(), again, key, value.length, enter);
    yield* this.post(op, again, way);
    return true;
  }
}

export const E1: Bug = {
  id: "E1",
  kind: "bug",
  protocol: "b-link",
  title: "a writer releases a full leaf before it splits it, and does not look again",
  explanation:
    "Another writer has split the leaf meanwhile, and the key belongs into the right half. It " +
    "is put into the left one all the same, where nobody looks for it.",
  provenance: "bloomberg/comdb2 #1999, where keys came to stand out of order",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask insert 25\ntask insert 15\n",
  make: () => new ReleasesBeforeItSplits(),
};
