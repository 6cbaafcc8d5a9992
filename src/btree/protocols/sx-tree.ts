import { levelOf, META_PAGE, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { childBelow, type ChildChoice, childFor } from "../child-choice.ts";
import type { LatchedPath } from "../latched-path.ts";
import { maxKeyBytes, type TreeParameters } from "../limits.ts";
import { rootOf } from "../meta-page.ts";
import { hasRoomFor, isSafeForDelete } from "../node-fit.ts";
import { averageKeyLength, childAt, longestKeyLength } from "../node-read.ts";
import { childIndexFor, search } from "../node-search.ts";
import { separatorFor } from "../node-split.ts";
import type { Operation } from "../operation.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import { fitsInPlace } from "../put-rule.ts";
import type { TreeStore } from "../tree-store.ts";
import { OptimisticCrabbing } from "./optimistic-crabbing.ts";

/**
 * A latch of the tree in three modes, beside those of the pages (InnoDB since MySQL 5.7, worklog
 * 6326).
 *
 * Readers, and writers that change one leaf, hold the tree in S until they have latched their leaf,
 * and come down from page to page in S. Who splits or merges holds the tree in SX, which is the U
 * of the latches here: one at a time, and readers and leaf writers beside it.
 *
 * Inner pages, and the links between pages, change only under SX or X of the tree *and* X of the
 * page. So the holder of SX reads inner pages without latching them, and sees on its way which of
 * them the change may reach: it *predicts* the lowest one that stays in one piece. That page and
 * those below it, to the leaf, it latches in X from above. Only then the leaf can be read. If its
 * separator is longer than predicted, so that the change would reach a page that is not latched,
 * nothing has been changed yet: it lets everything go and comes back with X of the tree. To latch
 * that page now would be to wait upward, and is how InnoDB could hang (MDEV-29835, MDEV-34283).
 *
 * Departures: the tree's latch is that of the meta page, which names the root. InnoDB's root never
 * moves; here it does, so a change of the root needs X of the tree, and that is predicted, too. The
 * left sibling is latched only where a merge may go there, and the right one, later, where it is
 * needed: both along the order of `crabbing`, of which this is a case, with the tree before all.
 */
export class SxTree extends OptimisticCrabbing {
  override readonly name: string = "sx-tree";

  figures({ descentCounts }: TreeStore): Readonly<Record<string, number>> {
    const { structureChanges, rootChanges, mispredictions } = descentCounts;
    return { structureChanges, rootChanges, mispredictions };
  }

  protected override descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    return this.#descendToRead(op, key, childFor);
  }

  protected override descendBelow(op: Operation, bound: Uint8Array | undefined): Task<PageHandle> {
    return this.#descendToRead(op, bound, childBelow);
  }

  *#descendToRead(
    op: Operation,
    key: Uint8Array | undefined,
    choose: ChildChoice,
  ): Task<PageHandle> {
    const tree = op.shared(META_PAGE, "tree");
    if (tree.pending) yield tree;
    let page = op.shared(rootOf(tree), "root");
    if (page.pending) yield page;
    this.passedRoot(tree);
    while (!isLeaf(page)) {
      const child = op.shared(choose(page, key), "child");
      if (child.pending) yield child;
      page.release();
      page = child;
    }
    this.leaveTree(op, tree);
    return page;
  }

  /** Comes down beside others, and latches the leaf exclusively. */
  protected override *descendToWrite(op: Operation, key: Uint8Array): Task<WriteHandle> {
    const tree = op.shared(META_PAGE, "tree");
    if (tree.pending) yield tree;
    let page = op.shared(rootOf(tree), "root");
    if (page.pending) yield page;
    if (isLeaf(page)) return yield* this.latchRootLeaf(op, tree, page);
    while (levelOf(page) > 1) {
      const child = op.shared(childFor(page, key), "child");
      if (child.pending) yield child;
      page.release();
      page = child;
    }
    const leaf = yield* this.latchLeaf(op, page, childFor(page, key));
    this.leaveTree(op, tree);
    return leaf;
  }

  /** Comes down to split or merge, and holds all that this will change. */
  protected override *descendExclusive(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const { descentCounts } = op.store;
    descentCounts.structureChanges++;
    const tree = this.latchToChange(op);
    if (tree.pending) yield tree;
    const pages = yield* this.predict(op, tree, key, value);
    if (pages === null) descentCounts.rootChanges++;
    else {
      const path = yield* this.latchPredicted(op, pages, key, value);
      if (this.reachesFar(op, path, key, value)) return path;
      descentCounts.mispredictions++;
      return yield* this.escalate(op, tree, key, value);
    }
    op.releaseAll();
    return yield* this.descendAlone(op, key, value);
  }

  /** Asks for the tree as one who changes its structure while others come and go. */
  protected latchToChange(op: Operation): PageHandle {
    return op.update(META_PAGE, "tree");
  }

  /** The prediction has failed: begins anew, with the tree for itself. */
  protected *escalate(
    op: Operation,
    _tree: PageHandle,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    op.releaseAll();
    return yield* this.descendAlone(op, key, value);
  }

  /** Comes down with X of the tree. Nobody is in the inner pages; some may still be in leaves. */
  protected *descendAlone(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const path = op.path.clear();
    const tree = op.exclusive(META_PAGE, "tree alone");
    if (tree.pending) yield tree;
    path.push(tree);
    const root = op.exclusive(rootOf(tree), "root");
    if (root.pending) yield root;
    path.push(root);
    while (!isLeaf(path.last)) yield* this.#latchChild(op, path, key, value);
    return path;
  }

  /**
   * Reads the inner pages on the way to a key, and gives those that the change may reach, with the
   * one above them that stays in one piece, from above; null if it may reach the root's place in
   * the meta page. Requires: the tree is held in SX, so that none of them changes.
   */
  protected *predict(
    op: Operation,
    tree: PageHandle,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<readonly PageId[] | null> {
    const root = op.shared(rootOf(tree), "root");
    if (root.pending) yield root;
    const top = levelOf(root);
    root.release();
    // A leaf is not for reading without its latch, and a root that is one can only grow.
    if (top === 0) return null;
    let pages: PageId[] | null = null;
    op.cover(tree);
    let page = op.shared(rootOf(tree), "root unlatched");
    if (page.pending) yield page;
    for (let level = top; ; level--) {
      if (this.staysWhole(page, op.store.params, level === top, value)) pages = [];
      pages?.push(page.pageId);
      const child = childFor(page, key);
      if (level === 1) break;
      page.release();
      page = op.shared(child, "child unlatched");
      if (page.pending) yield page;
    }
    page.release();
    op.uncover();
    return pages;
  }

  /**
   * Whether an inner page is expected to stay in one piece. Of a split below, the separator is
   * expected to be as long as those in the page are on the average.
   */
  protected staysWhole(
    page: PageHandle,
    params: TreeParameters,
    isRoot: boolean,
    value: Uint8Array | null,
  ): boolean {
    if (value === null) return isSafeForDelete(page, params, isRoot);
    return hasRoomFor(page, params, averageKeyLength(page), 0);
  }

  /** Latches the pages predicted, from above, and the leaf below them. */
  protected *latchPredicted(
    op: Operation,
    pages: readonly PageId[],
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const path = op.path.clear();
    const [first = META_PAGE] = pages;
    const top = op.exclusive(first, "predicted");
    if (top.pending) yield top;
    path.push(top);
    while (!isLeaf(path.last)) yield* this.#latchChild(op, path, key, value);
    return path;
  }

  /** Latches the next page of a path: after its left sibling, if it may merge into that. */
  *#latchChild(
    op: Operation,
    path: LatchedPath,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<void> {
    const parent = path.last;
    const index = childIndexFor(parent, key);
    let left: WriteHandle | null = null;
    if (value === null && index > 0 && index === countOf(parent) - 1) {
      left = op.exclusive(childAt(parent, index - 1), "left sibling");
      if (left.pending) yield left;
    }
    const child = op.exclusive(childAt(parent, index), "child");
    if (child.pending) yield child;
    path.push(child, left);
  }

  /**
   * Whether what is latched is all that the change can reach, now that the leaf can be read. What a
   * delete may reach was predicted for any leaf.
   */
  protected reachesFar(
    op: Operation,
    path: LatchedPath,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    const { params } = op.store;
    if (value === null) return true;
    const leaf = path.last;
    const index = search(leaf, key);
    if (fitsInPlace(leaf, params, index, key, value)) return true;
    // Where a value is replaced, its old entry goes first, and the leaf is cut elsewhere.
    const incoming = { key, valueLength: value.length };
    let length = index < 0 ? separatorFor(leaf, params, incoming).length : maxKeyBytes(params);
    for (let depth = path.length - 2; depth >= 0; depth--) {
      const parent = path.at(depth);
      if (parent === null) return false;
      if (hasRoomFor(parent, params, length, 0)) return true;
      length = Math.max(length, longestKeyLength(parent));
    }
    return false;
  }

  /** Hook: a reader has latched the root, and still holds the tree. */
  protected passedRoot(_tree: PageHandle): void {}

  /** The leaf is latched: from now on the tree's latch is of no use to who has it. */
  protected leaveTree(_op: Operation, tree: PageHandle): void {
    tree.release();
  }
}
