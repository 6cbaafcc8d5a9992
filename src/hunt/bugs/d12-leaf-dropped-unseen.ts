import { countOf, Crabbing, find, type Operation, removeEntry } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class LeafDroppedUnseen extends Crabbing {
  override *delete(op: Operation, key: Uint8Array): Task<boolean> {
    const { last: leaf } = yield* this.descendExclusive(op, key, null);
    const index = find(leaf, key);
    const change = op.change();
    if (index >= 0) removeEntry(change.edit(leaf), index);
    change.commit();
    const isEmpty = countOf(leaf) === 0;
    op.releaseAll();
    if (isEmpty) yield* this.#drop(op, key);
    return index >= 0;
  }

  /** Comes down once more to merge away the leaf that the first pass left empty. */
  *#drop(op: Operation, key: Uint8Array): Task<void> {
    const path = yield* this.descendExclusive(op, key, null);
    const change = op.change();
    if (path.at(path.length - 2) !== null) {
      // The bug: a leaf that was empty is taken for empty.
      while (countOf(path.last) > 0) removeEntry(change.edit(path.last), 0);
      yield* this.structure.mergeUp(op, change, path);
    }
    change.commit();
    op.releaseAll();
  }
}

export const D12: Bug = {
  id: "D12",
  kind: "bug",
  protocol: "crabbing",
  title: "a second pass drops a leaf that was empty when the first looked",
  explanation:
    "To keep deletes short, the leaf is emptied in one descent and merged away in another. In " +
    "between an insert puts a key into it, which is acknowledged and then dropped with the " +
    "leaf.",
  provenance:
    "the class of orioledb #1093, a merge that releases its page, finds the parent again and " +
    "arrives in a tree that has changed",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask delete 30\ntask insert 35\n",
  make: () => new LeafDroppedUnseen(),
};
