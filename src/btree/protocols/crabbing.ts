import { latchId, type LatchId, type LatchOrder } from "../../latch/index.ts";
import { leftOf, META_PAGE, type PageId, rightOf } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { type AtOnce, PagesAtOnce } from "../at-once.ts";
import { CachedPathAtOnce } from "../cached-path.ts";
import { childBelow, type ChildChoice, childFor } from "../child-choice.ts";
import { preOrder } from "../latch-orders.ts";
import type { LatchedPath } from "../latched-path.ts";
import { rootOf } from "../meta-page.ts";
import { isSafeForDelete, isSafeForInsert } from "../node-fit.ts";
import { childAt, copyLowFence } from "../node-read.ts";
import { childIndexFor } from "../node-search.ts";
import type { Operation } from "../operation.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import type { ScanPromise } from "../protocol.ts";
import { TopDown } from "../top-down.ts";
import type { TreeStore } from "../tree-store.ts";

/**
 * Pessimistic latch crabbing (Bayer and Schkolnick 1977, their first solution; the latching of
 * textbook engines).
 *
 * Readers latch a child in shared mode before they release its parent. Writers latch the whole way
 * down exclusively, and release what lies above a page as soon as that page is *safe*: the
 * operation cannot make it split or merge. The meta page, which names the root, is latched as one
 * more level above it. What is then done to the pages that are held is in `structure-change.ts`.
 *
 * Departures: pages have sibling links, so a split or merge also latches right neighbours, last. A
 * last child that may have to merge is latched anew after its left sibling, since moving left while
 * holding is out of order.
 *
 * Why a page may be freed at once: every pointer to it (downlink, left and right link) was read
 * under a latch that its deleter holds exclusively, and readers keep that latch until they have
 * latched the page. One hop without a latch would break this.
 */
export class Crabbing extends TopDown {
  override readonly name: string = "crabbing";
  override readonly scanPromise: ScanPromise = "per-key";

  override latchOrder(store: TreeStore): LatchOrder {
    return preOrder(store);
  }

  /** Each page has its own. */
  override coveringLatch(page: PageId): LatchId {
    return latchId(page);
  }

  /** Each page has its own latch, and whoever changes one holds that. */
  atOnce(pathCache: boolean): AtOnce {
    return pathCache ? new CachedPathAtOnce() : new PagesAtOnce();
  }

  protected override descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    return this.#descend(op, key, childFor);
  }

  protected override descendBelow(op: Operation, bound: Uint8Array | undefined): Task<PageHandle> {
    return this.#descend(op, bound, childBelow);
  }

  /** Comes down in shared mode, holding a page until its child is latched. */
  *#descend(op: Operation, key: Uint8Array | undefined, choose: ChildChoice): Task<PageHandle> {
    let page = op.shared(META_PAGE, "meta");
    if (page.pending) yield page;
    let child = op.shared(rootOf(page), "root");
    if (child.pending) yield child;
    page.release();
    page = child;
    while (!isLeaf(page)) {
      child = op.shared(choose(page, key), "child");
      if (child.pending) yield child;
      page.release();
      page = child;
    }
    return page;
  }

  /** Comes down exclusively, and releases everything above whenever a page is safe. */
  protected override *descendExclusive(
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
      const index = childIndexFor(parent, key);
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

  /** Whether the operation certainly changes nothing above this page. `value` null: a delete. */
  protected isSafe(
    op: Operation,
    page: PageHandle,
    isRoot: boolean,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    if (value === null) return isSafeForDelete(page, op.store.params, isRoot);
    return isSafeForInsert(page, op.store.params, key.length, value.length);
  }

  /**
   * Latches a last child together with the left sibling it may merge into: the child is released
   * and latched anew. Its parent is held exclusively, so nobody can have changed it meanwhile.
   */
  protected *latchWithLeft(
    op: Operation,
    path: LatchedPath,
    parent: WriteHandle,
    child: WriteHandle,
    index: number,
  ): Task<WriteHandle> {
    child.release();
    const left = op.exclusive(childAt(parent, index - 1), "left sibling");
    if (left.pending) yield left;
    const again = op.exclusive(childAt(parent, index), "child again");
    if (again.pending) yield again;
    path.push(again, left);
    return again;
  }

  /** Latches the right sibling before the leaf is released: right is along the order. */
  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const next = op.shared(rightOf(leaf), "right sibling");
    if (next.pending) yield next;
    leaf.release();
    return next;
  }

  /**
   * Left is against the order, so the left sibling is only tried; if that is refused, the leaf is
   * released and the sibling is found from the root by the leaf's low fence.
   */
  protected override *stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const left = op.tryShared(leftOf(leaf), "left sibling");
    if (left.pending) yield left;
    const bound = left.isHeld ? null : copyLowFence(leaf);
    leaf.release();
    return bound === null ? left : yield* this.descendBelow(op, bound);
  }
}
