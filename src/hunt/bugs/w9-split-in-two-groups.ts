import {
  type ChangeGroup,
  covers,
  Crabbing,
  hasRoomFor,
  insertChild,
  insertEntry,
  type LatchedPath,
  type Operation,
  splitPage,
  StructureChange,
} from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class SplitsInTwoGroups extends StructureChange {
  override *splitUp(
    op: Operation,
    change: ChangeGroup,
    path: LatchedPath,
    key: Uint8Array,
    value: Uint8Array,
  ): Task<void> {
    const { params } = op.store;
    const leaf = path.last;
    const parent = path.at(path.length - 2);
    const isSimple = parent !== null && parent.pageId !== META_PAGE;
    if (!isSimple || !hasRoomFor(parent, params, key.length, 0)) {
      yield* super.splitUp(op, change, path, key, value);
      return;
    }
    const right = change.allocate();
    const incoming = { key, valueLength: value.length };
    const left = change.edit(leaf);
    const separator = splitPage(left, change.edit(right), right.pageId, params, incoming);
    insertEntry(change.edit(covers(right, key) ? right : leaf), key, value);
    // The bug: a crash may keep this group and not the next, and nothing says that one is missing.
    change.commit();
    change.open();
    insertChild(change.edit(parent), separator, right.pageId);
    yield* this.relinkRight(op, change, [right]);
  }
}

class SplitInTwoGroups extends Crabbing {
  protected override readonly structure: StructureChange = new SplitsInTwoGroups();
}

export const W9: Bug = {
  id: "W9",
  kind: "bug",
  protocol: "crabbing",
  title: "a split is logged as two groups: the halves, then the parent's entry",
  explanation:
    "All latches are held over both, so no task sees half a split. A crash does: while the " +
    "split waits for its right neighbour, somebody else's commit takes the first group to the " +
    "disk. After recovery no entry leads to the right half, and the keys in it are lost.",
  provenance:
    "PostgreSQL logs a split and the parent's entry apart too, but flags the page as " +
    "INCOMPLETE_SPLIT, and whoever meets the flag finishes the split",
  preemptions: 1,
  scenario:
    "capacity 3\ntree [10,20,25][30][40][50]\ntask insert 15\ntask put 50\ncrashes 1\n" +
    "commit each\n",
  make: () => new SplitInTwoGroups(),
};
