import {
  type ChangeGroup,
  childAt,
  countOf,
  Crabbing,
  isLeaf,
  type LatchedPath,
  type Operation,
  type PageHandle,
  rootOf,
  setRoot,
  StructureChange,
} from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class CollapseLatchesMetaLast extends Crabbing {
  protected override readonly structure: StructureChange = new CollapsesOnItsOwn();

  /** Calls the root safe while it has two children, since a collapse is rare. */
  protected override isSafe(
    op: Operation,
    page: PageHandle,
    isRoot: boolean,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    if (value === null && isRoot) return true;
    return super.isSafe(op, page, isRoot, key, value);
  }
}

class CollapsesOnItsOwn extends StructureChange {
  override *mergeUp(op: Operation, change: ChangeGroup, path: LatchedPath): Task<void> {
    yield* super.mergeUp(op, change, path);
    const top = path.at(0);
    if (top === null || isLeaf(top) || countOf(top) > 1) return;
    const meta = op.exclusive(META_PAGE, "meta"); // The bug: readers hold it and wait for the root.
    if (meta.pending) yield meta;
    if (rootOf(meta) !== top.pageId) return;
    setRoot(change.edit(meta), childAt(top, 0));
    change.free(top);
  }
}

export const D3: Bug = {
  id: "D3",
  kind: "bug",
  protocol: "crabbing",
  title: "a root collapse latches the meta page after the root",
  explanation:
    "A delete releases the meta page early and latches it again only when the root is left " +
    "with one child. A reader that holds the meta page waits for the root, and the delete, " +
    "which holds the root, waits for the meta page.",
  provenance:
    "plausible: B-link trees latch the meta page last, and their order must not be mixed in",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30]\ntask delete 30\ntask get 10\n",
  make: () => new CollapseLatchesMetaLast(),
};
