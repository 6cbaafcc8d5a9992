import { latchId, type LatchId, type LatchOrder } from "../../latch/index.ts";
import { leftOf, META_PAGE, NO_PAGE, type PageId, rightOf, setLeft } from "../../storage/index.ts";
import { assert, broken, type Task } from "../../task/index.ts";
import type { ChangeGroup } from "../change-group.ts";
import { preOrder } from "../latch-orders.ts";
import {
  growRoot,
  inLatchOrder,
  mergeIfFits,
  shrinkRoot,
  split,
  takeEndingBefore,
  writeInPlace,
} from "../latched-change.ts";
import type { LatchedPath } from "../latched-path.ts";
import { checkEntry, checkKey } from "../limits.ts";
import { rootOf } from "../meta-page.ts";
import { insertChild, insertEntry, removeEntry } from "../node-edit.ts";
import * as fit from "../node-fit.ts";
import { childAt, copyLowFence } from "../node-read.ts";
import * as find from "../node-search.ts";
import type { Operation } from "../operation.ts";
import type { PageGuard, WriteGuard } from "../page-guard.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import type { Protocol, ScanPromise } from "../protocol.ts";
import { emitLeaf, type RowSink, type ScanRange } from "../scan-range.ts";
import type { TreeStore } from "../tree-store.ts";

const FIRST_KEY = new Uint8Array(0);

/**
 * Pessimistic latch crabbing (Bayer and Schkolnick 1977, their first solution; the latching of
 * textbook engines).
 *
 * Readers latch a child in shared mode before they let go of its parent. Writers latch the whole
 * way down exclusively, and let go of what lies above a page as soon as that page is *safe*: the
 * operation cannot make it split or merge. The meta page, which names the root, is latched as one
 * more level above it.
 *
 * Departures: pages have sibling links on every level, so a split or merge also latches the right
 * neighbours whose left links change, after everything else and in the latch order. Pages merge
 * only with a neighbour under the same parent and only when they fit into one; nothing is borrowed.
 * A last child that may have to merge is latched anew after its left sibling, since moving left
 * while holding is out of order. A leaf that empties as an only child stays, and the next delete
 * that comes by once it has a sibling merges it.
 *
 * Why a page may be freed at once: every pointer to it (downlink, left and right link) was read
 * under a latch that its deleter holds exclusively, and readers keep that latch until they have
 * latched the page. One hop without a latch would break this.
 */
export class Crabbing implements Protocol {
  readonly name: string = "crabbing";
  readonly scanPromise: ScanPromise = "per-key";

  latchOrder(store: TreeStore): LatchOrder {
    return preOrder(store);
  }

  /** Each page has its own. */
  coveringLatch(page: PageId): LatchId {
    return latchId(page);
  }

  *get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const leaf = yield* this.descendShared(op, key);
    const index = find.find(leaf, key);
    if (index >= 0) op.keepValue(leaf, index);
    leaf.release();
    return index >= 0;
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, true);
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, false);
  }

  *delete(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const path = yield* this.descendExclusive(op, key, null);
    const leaf = path.last;
    const index = find.find(leaf, key);
    if (index >= 0 || countOf(leaf) === 0) {
      const change = op.change();
      if (index >= 0) removeEntry(change.edit(leaf), index);
      yield* this.mergeUp(op, change, path);
      change.commit();
    }
    op.releaseAll();
    return index >= 0;
  }

  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return range.reverse === true
      ? this.scanBackward(op, range, sink)
      : this.scanForward(op, range, sink);
  }

  /** Comes down to the leaf of `key`, holding a page until its child is latched. */
  protected *descendShared(op: Operation, key: Uint8Array): Task<PageGuard> {
    let page = op.shared(META_PAGE, "meta");
    if (page.pending) yield page;
    let child = op.shared(rootOf(page), "root");
    if (child.pending) yield child;
    page.release();
    page = child;
    while (!isLeaf(page)) {
      child = op.shared(childAt(page, find.childIndexFor(page, key)), "child");
      if (child.pending) yield child;
      page.release();
      page = child;
    }
    return page;
  }

  /** Comes down to the leaf with the last keys below `bound`; without one, to the last leaf. */
  protected *descendBelow(op: Operation, bound: Uint8Array | undefined): Task<PageGuard> {
    let page = op.shared(META_PAGE, "meta");
    if (page.pending) yield page;
    let child = op.shared(rootOf(page), "root");
    if (child.pending) yield child;
    page.release();
    page = child;
    while (!isLeaf(page)) {
      const index = bound === undefined ? countOf(page) - 1 : find.childIndexBelow(page, bound);
      child = op.shared(childAt(page, index), "child");
      if (child.pending) yield child;
      page.release();
      page = child;
    }
    return page;
  }

  /** Comes down exclusively and keeps what the operation may yet change. `value` null: a delete. */
  protected *descendExclusive(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const path = op.path.clear();
    const meta = op.exclusive(META_PAGE, "meta");
    if (meta.pending) yield meta;
    path.push(meta);
    let page = op.exclusive(rootOf(meta), "root");
    if (page.pending) yield page;
    if (this.isSafe(op, page, true, key, value)) path.releaseAll();
    path.push(page);
    while (!isLeaf(page)) {
      const parent = page;
      const index = find.childIndexFor(parent, key);
      page = op.exclusive(childAt(parent, index), "child");
      if (page.pending) yield page;
      if (this.isSafe(op, page, false, key, value)) {
        path.releaseAll();
        path.push(page);
      } else if (value === null && index > 0 && index === countOf(parent) - 1) {
        page = yield* this.latchWithLeft(op, path, parent, page, index);
      } else path.push(page);
    }
    return path;
  }

  /** Whether the operation certainly changes nothing above this page. */
  protected isSafe(
    op: Operation,
    page: PageGuard,
    isRoot: boolean,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    if (value === null) return fit.isSafeForDelete(page, op.store.params, isRoot);
    return fit.isSafeForInsert(page, op.store.params, key.length, value.length);
  }

  /**
   * Latches a last child together with the left sibling it may merge into. Nothing is latched to
   * the left while holding: the child is let go and latched anew. Its parent is held exclusively,
   * so nobody can have changed it meanwhile.
   */
  protected *latchWithLeft(
    op: Operation,
    path: LatchedPath,
    parent: WriteGuard,
    child: WriteGuard,
    index: number,
  ): Task<WriteGuard> {
    child.release();
    const left = op.exclusive(childAt(parent, index - 1), "left sibling");
    if (left.pending) yield left;
    const again = op.exclusive(childAt(parent, index), "child again");
    if (again.pending) yield again;
    path.push(again, left);
    return again;
  }

  protected *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    overwrite: boolean,
  ): Task<boolean> {
    checkEntry(op.store.params, key, value);
    const path = yield* this.descendExclusive(op, key, value);
    const isNew = find.find(path.last, key) < 0;
    if (isNew || overwrite) {
      const change = op.change();
      if (!writeInPlace(op, change, path.last, key, value)) {
        yield* this.splitUp(op, change, path, key, value);
      }
      change.commit();
    }
    op.releaseAll();
    return isNew;
  }

  /** Splits the leaf for an entry, and its ancestors as far as they are full, bottom-up. */
  protected *splitUp(
    op: Operation,
    change: ChangeGroup,
    path: LatchedPath,
    key: Uint8Array,
    value: Uint8Array,
  ): Task<void> {
    let page = path.last;
    let { right, separator } = split(op, change, page, key, value.length);
    insertEntry(change.edit(find.covers(right, key) ? right : page), key, value);
    const relinked = [right];
    for (let depth = path.length - 2; ; depth--) {
      const parent = path.at(depth);
      if (parent === null) {
        const found = `page ${page.pageId} split, and none latched above it`;
        broken("a separator has a latched parent to go to", found);
      }
      if (parent.pageId === META_PAGE) {
        growRoot(change, parent, page, separator, right);
        break;
      }
      if (fit.hasRoomFor(parent, op.store.params, separator.length, 0)) {
        insertChild(change.edit(parent), separator, right.pageId);
        break;
      }
      const upper = split(op, change, parent, separator, 0);
      const home = find.covers(upper.right, separator) ? upper.right : parent;
      insertChild(change.edit(home), separator, right.pageId);
      relinked.push(upper.right);
      page = parent;
      ({ right, separator } = upper);
    }
    yield* this.relinkRight(op, change, relinked);
  }

  /** Merges the leaf if it is too empty, and its ancestors as far as that empties them. */
  protected *mergeUp(op: Operation, change: ChangeGroup, path: LatchedPath): Task<void> {
    const relinked: WriteGuard[] = [];
    for (let depth = path.length - 1; depth > 0; depth--) {
      const page = path.at(depth);
      const parent = path.at(depth - 1);
      assert(page !== null && parent !== null, "a path has no gaps");
      if (parent.pageId === META_PAGE) {
        shrinkRoot(change, parent, page);
        break;
      }
      if (!fit.isUnderfull(page, op.store.params)) break;
      const left = path.leftOf(depth);
      // What lies to the left of the right sibling is latched before it, by the latch order.
      if (left === null) yield* this.relinkRight(op, change, takeEndingBefore(relinked, page));
      const merged = yield* this.mergePage(op, change, parent, page, left);
      if (merged === null) break;
      relinked.push(merged);
    }
    yield* this.relinkRight(op, change, relinked);
  }

  /** Merges a page with a sibling under the same parent; the page that is left, or null. */
  protected *mergePage(
    op: Operation,
    change: ChangeGroup,
    parent: WriteGuard,
    page: WriteGuard,
    left: WriteGuard | null,
  ): Task<WriteGuard | null> {
    if (left !== null) return mergeIfFits(op, change, parent, left, page);
    const index = find.childIndexFor(parent, copyLowFence(page));
    if (index + 1 >= countOf(parent)) return null;
    const right = op.exclusive(childAt(parent, index + 1), "right sibling");
    if (right.pending) yield right;
    return mergeIfFits(op, change, parent, page, right);
  }

  /**
   * Tells the right neighbours of these pages, listed bottom-up, who is to their left now.
   *
   * It comes late because a neighbour lies to the right of everything latched so far. Pages of
   * several levels that end at the same key have neighbours that begin at the same key, and of
   * those the higher comes first.
   */
  protected *relinkRight(
    op: Operation,
    change: ChangeGroup,
    pages: readonly WriteGuard[],
  ): Task<void> {
    for (const page of inLatchOrder(pages)) {
      const next = rightOf(page);
      if (next === NO_PAGE) continue;
      const neighbour = op.exclusive(next, "right neighbour");
      if (neighbour.pending) yield neighbour;
      setLeft(change.edit(neighbour), page.pageId);
    }
  }

  protected *scanForward(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const most = range.limit ?? Number.POSITIVE_INFINITY;
    let leaf = yield* this.descendShared(op, range.start ?? FIRST_KEY);
    let rows = 0;
    for (;;) {
      rows += emitLeaf(leaf, range, most - rows, sink);
      const isPast = range.end !== undefined && find.isBelowHighFence(leaf, range.end);
      if (rows >= most || isPast || rightOf(leaf) === NO_PAGE) break;
      leaf = yield* this.stepRight(op, leaf);
    }
    leaf.release();
    return rows;
  }

  /** Latches the right sibling before the leaf is let go: right is along the order. */
  protected *stepRight(op: Operation, leaf: PageGuard): Task<PageGuard> {
    const next = op.shared(rightOf(leaf), "right sibling");
    if (next.pending) yield next;
    leaf.release();
    return next;
  }

  protected *scanBackward(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const most = range.limit ?? Number.POSITIVE_INFINITY;
    const { end, start } = range;
    const isEndIn = end !== undefined && range.endInclusive === true;
    let leaf = yield* isEndIn ? this.descendShared(op, end) : this.descendBelow(op, end);
    let rest = range;
    let rows = 0;
    for (;;) {
      rows += emitLeaf(leaf, rest, most - rows, sink);
      const isPast = start !== undefined && find.compareLowFence(leaf, start) <= 0;
      if (rows >= most || isPast || leftOf(leaf) === NO_PAGE) break;
      // A leaf found by another descent may reach beyond what has been visited already.
      rest = { ...range, end: copyLowFence(leaf), endInclusive: false };
      leaf = yield* this.stepLeft(op, leaf);
    }
    leaf.release();
    return rows;
  }

  /**
   * Moves to the left sibling. Left is against the order, so the latch is only tried; if somebody
   * has it, the leaf is let go and the sibling is found from the root by the leaf's low fence.
   */
  protected *stepLeft(op: Operation, leaf: PageGuard): Task<PageGuard> {
    const bound = copyLowFence(leaf);
    const left = op.tryShared(leftOf(leaf), "left sibling");
    if (left.pending) yield left;
    leaf.release();
    return left.isHeld ? left : yield* this.descendBelow(op, bound);
  }
}
