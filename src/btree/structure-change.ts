import { META_PAGE, NO_PAGE, type PageId, rightOf, setLeft } from "../storage/index.ts";
import { assert, broken, type Task } from "../task/index.ts";
import type { ChangeGroup } from "./change-group.ts";
import type { LatchedPath } from "./latched-path.ts";
import { inLatchOrder, takeEndingBefore } from "./neighbour-order.ts";
import { insertChild, insertEntry } from "./node-edit.ts";
import { hasRoomFor, isUnderfull } from "./node-fit.ts";
import { childAt, copyLowFence } from "./node-read.ts";
import { childIndexFor, covers } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import { growRoot, mergeIfFits, shrinkRoot, split } from "./page-change.ts";
import type { WriteHandle } from "./page-handle.ts";
import { countOf } from "./page-layout.ts";

/**
 * Splits, merges and changes of the root, for protocols that come from above with everything held
 * that may change: the path from the lowest page that stays in one piece down to the leaf.
 *
 * Sibling links run on every level, so a split or merge also changes the left links of right
 * neighbours. They are asked for after everything else, along the latch order of the tree's
 * pre-order. Pages merge only with a neighbour under the same parent, and only when both fit into
 * one; nothing is borrowed. A leaf that empties as an only child stays, and the next delete that
 * comes by once it has a sibling merges it.
 *
 * It has no state, and each method is one decision that a protocol may override.
 */
export class StructureChange {
  /** Splits the leaf for an entry, and its ancestors as far as they are full, bottom-up. */
  *splitUp(
    op: Operation,
    change: ChangeGroup,
    path: LatchedPath,
    key: Uint8Array,
    value: Uint8Array,
  ): Task<void> {
    const { params } = op.store;
    let page = path.last;
    let { right, separator } = split(change, page, params, key, value.length);
    insertEntry(change.edit(covers(right, key) ? right : page), key, value);
    const relinked = [right];
    for (let depth = path.length - 2; ; depth--) {
      const parent = path.at(depth);
      if (parent === null) noParent(page);
      if (parent.pageId === META_PAGE) {
        growRoot(change, parent, page, separator, right.pageId);
        break;
      }
      if (hasRoomFor(parent, params, separator.length, 0)) {
        insertChild(change.edit(parent), separator, right.pageId);
        break;
      }
      const upper = split(change, parent, params, separator, 0);
      const home = covers(upper.right, separator) ? upper.right : parent;
      insertChild(change.edit(home), separator, right.pageId);
      relinked.push(upper.right);
      page = parent;
      ({ right, separator } = upper);
    }
    yield* this.relinkRight(op, change, relinked);
  }

  /** Merges the leaf if it is too empty, and its ancestors as far as that empties them. */
  *mergeUp(op: Operation, change: ChangeGroup, path: LatchedPath): Task<void> {
    const relinked: WriteHandle[] = [];
    for (let depth = path.length - 1; depth > 0; depth--) {
      const page = path.at(depth);
      const parent = path.at(depth - 1);
      assert(page !== null && parent !== null, "a path has no gaps");
      if (parent.pageId === META_PAGE) {
        shrinkRoot(change, parent, page);
        break;
      }
      if (!isUnderfull(page, op.store.params)) break;
      const left = path.leftOf(depth);
      // What lies to the left of the right sibling is latched before it, by the latch order.
      if (left === null) yield* this.relinkRight(op, change, takeEndingBefore(relinked, page));
      const merged = yield* this.mergePage(op, change, parent, page, left);
      if (merged === null) break;
      relinked.push(merged);
    }
    yield* this.relinkRight(op, change, relinked);
  }

  /**
   * Merges a page with a sibling under the same parent: the left one if that is held beside it,
   * else the right one.
   *
   * @returns the page that is left, or null if they stay two.
   */
  protected *mergePage(
    op: Operation,
    change: ChangeGroup,
    parent: WriteHandle,
    page: WriteHandle,
    left: WriteHandle | null,
  ): Task<WriteHandle | null> {
    const { params } = op.store;
    if (left !== null) return mergeIfFits(change, parent, left, page, params);
    const index = childIndexFor(parent, copyLowFence(page));
    if (index + 1 >= countOf(parent)) return null;
    const right = this.neighbour(op, childAt(parent, index + 1), "right sibling");
    if (right.pending) yield right;
    return mergeIfFits(change, parent, page, right, params);
  }

  /** Asks for a page to the right of what is held: to be yielded if it is pending. */
  protected neighbour(op: Operation, id: PageId, site: string): WriteHandle {
    return op.exclusive(id, site);
  }

  /**
   * Sets the left links of the right neighbours of these pages, listed bottom-up.
   *
   * It comes late because a neighbour lies to the right of everything latched so far. Pages of
   * several levels that end at the same key have neighbours that begin at the same key, and of
   * those the higher comes first.
   */
  protected *relinkRight(
    op: Operation,
    change: ChangeGroup,
    pages: readonly WriteHandle[],
  ): Task<void> {
    for (const page of inLatchOrder(pages)) {
      const next = rightOf(page);
      if (next === NO_PAGE) continue;
      const neighbour = this.neighbour(op, next, "right neighbour");
      if (neighbour.pending) yield neighbour;
      setLeft(change.edit(neighbour), page.pageId);
    }
  }
}

function noParent(page: WriteHandle): never {
  const found = `page ${page.pageId} split, and none latched above it`;
  broken("a separator has a latched parent to go to", found);
}
