import { latchId, type LatchId, type LatchOrder } from "../../latch/index.ts";
import {
  hasFlag,
  INCOMPLETE_SPLIT_FLAG,
  leftOf,
  levelOf,
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  type PageId,
  type Reclamation,
  rightOf,
  setFlag,
  setLeft,
  setRight,
  UNLINKED_FLAG,
} from "../../storage/index.ts";
import { broken, type Task } from "../../task/index.ts";
import { type Aim, atKey } from "../aim.ts";
import type { AtOnce } from "../at-once.ts";
import type { ChangeGroup } from "../change-group.ts";
import { rightThenUp } from "../latch-orders.ts";
import { checkEntry, checkKey } from "../limits.ts";
import { LinkAtOnce, LinkCachedPathAtOnce } from "../link-at-once.ts";
import {
  areChildren,
  areWhole,
  coversAll,
  isDead,
  isHalfDead,
  shouldMerge,
} from "../link-pages.ts";
import { type Ask, LinkWalk, toRead, toWrite } from "../link-walk.ts";
import { rootOf } from "../meta-page.ts";
import { insertChild, insertEntry } from "../node-edit.ts";
import { hasRoomFor, isUnderfull } from "../node-fit.ts";

import { childAt, copyHighFence, copyLowFence } from "../node-read.ts";
import { childIndexFor, compareLowFence, covers, search } from "../node-search.ts";
import { afterEffect, deleteFromLeaf, makeRunInLeaf, readFromLeaf } from "../one-leaf.ts";
import type { Operation } from "../operation.ts";
import { growRoot, mergeHalfway, shrinkRoot, split } from "../page-change.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import type { Protocol, ScanPromise } from "../protocol.ts";
import { type PutRule, writeInPlace, writes } from "../put-rule.ts";
import type { TreeStore } from "../tree-store.ts";
import type { WriteRun } from "../write-run.ts";

/** By level, the inner page that a writer came down by: where its parents are looked for first. */
export type Way = PageId[];

/** A page between its siblings under the same parent; NO_PAGE where there is none. */
interface Siblings {
  readonly left: PageId;
  readonly page: PageId;
  readonly right: PageId;
}

/**
 * B-link trees (Lehman and Yao 1981; merges after Lanin and Shasha 1986; splits in two logged steps
 * and what becomes of them in a crash as in PostgreSQL).
 *
 * A reader holds one latch at a time: it releases a page before it latches the next. So by then
 * that page may have been split, and the key be further right: the high fence says so, and the
 * right link leads there. Or it may have been merged away: then it is *dead*, and its left link,
 * which no longer changes, leads to the page that took over its keys.
 *
 * A split is two change groups. The first makes the right page and marks the left one: its split is
 * incomplete, as the parent does not know. From here on all keys can be found. The second tells the
 * parent and takes the mark away. The splitter holds the left page in between, so that nobody meets
 * the mark unless the power or the disk failed then; whichever writer meets it finishes the split.
 *
 * A merge is two groups as well. The first moves the entries of a page to its left sibling, takes
 * its downlink out, and marks it half dead; the second takes it out of the chain of its level.
 *
 * Latch order: left to right, then up, then the meta page. Nobody moves down or left while holding.
 * A writer holds three latches at most, not counting pages that nobody else knows yet.
 */
export class BLink extends LinkWalk implements Protocol {
  readonly name: string = "b-link";
  readonly scanPromise: ScanPromise = "per-key";
  readonly reclamation: Reclamation = "after-earlier-operations";
  readonly leavesUnfinished: boolean = true;

  latchOrder(store: TreeStore): LatchOrder {
    return rightThenUp(store);
  }

  coveringLatch(page: PageId): LatchId {
    return latchId(page);
  }

  atOnce(pathCache: boolean): AtOnce {
    return pathCache ? new LinkCachedPathAtOnce() : new LinkAtOnce();
  }

  *get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const leaf = yield* this.descend(op, atKey(key), 0);
    return readFromLeaf(op, leaf, key);
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, "overwrite");
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.upsert(op, key, value, "if-absent");
  }

  *delete(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const way: Way = [];
    const leaf = yield* this.descendToWrite(op, key, way);
    const { wasThere, isThin } = deleteFromLeaf(op, leaf, key);
    if (isThin) yield* this.afterwards(op, this.mergeUp(op, key, way));
    return wasThere;
  }

  *writeRun(op: Operation, run: WriteRun): Task<void> {
    const leaf = yield* this.descendToWrite(op, run.next.key, []);
    makeRunInLeaf(op, leaf, run);
  }

  protected *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const { params } = op.store;
    checkEntry(params, key, value);
    const way: Way = [];
    const leaf = yield* this.descendToWrite(op, key, way);
    const index = search(leaf, key);
    if (!writes(rule, index)) {
      leaf.release();
      return index < 0;
    }
    const change = op.change();
    if (writeInPlace(change, leaf, params, key, value, index)) {
      change.commit();
      leaf.release();
    } else {
      const enter = (home: PageEditor): void => void insertEntry(home, key, value);
      yield* this.splitInTwo(op, change, leaf, key, value.length, enter);
      yield* this.afterwards(op, this.post(op, leaf, way));
    }
    return index < 0;
  }

  /** Hook: see {@link afterEffect}. */
  protected afterwards(op: Operation, work: Task<void>): Task<void> {
    return afterEffect(op, work);
  }

  /** Comes down to the leaf of a key, to change it, and finishes the splits that it meets. */
  protected *descendToWrite(op: Operation, key: Uint8Array, way: Way): Task<WriteHandle> {
    const aim = atKey(key);
    let page = yield* this.latchRoot(op);
    for (;;) {
      page = yield* this.moveToWrite(op, page, aim, toRead, way);
      const level = levelOf(page);
      const next = level === 0 ? page.pageId : aim.childIn(page);
      if (level > 0) way[level] = page.pageId;
      page.release();
      if (level <= 1) {
        // A root that is a leaf is latched anew, and may have been split in between.
        const leaf = op.exclusive(next, "leaf");
        if (leaf.pending) yield leaf;
        return yield* this.moveToWrite(op, leaf, aim, toWrite, way);
      }
      page = op.shared(next, "child");
      if (page.pending) yield page;
    }
  }

  /** As {@link moveRight}, and finishes each split on the way whose parent does not know of it. */
  protected *moveToWrite<H extends PageHandle>(
    op: Operation,
    page: H,
    aim: Aim,
    ask: Ask<H>,
    way: Way,
  ): Task<H> {
    for (;;) {
      const isIncomplete = hasFlag(page, INCOMPLETE_SPLIT_FLAG);
      const next = isIncomplete ? page.pageId : this.sideStep(op, page, aim);
      if (next === NO_PAGE) return page;
      page.release();
      if (isIncomplete) yield* this.finishSplit(op, next, way);
      page = ask(op, next, "sibling");
      if (page.pending) yield page;
    }
  }

  // Splits.

  /**
   * The first step of a split: makes the right page, and marks `page`, which stays held. `enter`
   * adds the entry that it is split for.
   */
  protected *splitInTwo(
    op: Operation,
    change: ChangeGroup,
    page: WriteHandle,
    key: Uint8Array,
    valueLength: number,
    enter: (home: PageEditor) => void,
  ): Task<void> {
    const { right } = split(change, page, op.store.params, key, valueLength);
    enter(change.edit(covers(right, key) ? right : page));
    setFlag(change.edit(page), INCOMPLETE_SPLIT_FLAG, true);
    const neighbour = yield* this.relink(op, change, rightOf(right), right.pageId);
    change.commit();
    neighbour?.release();
    // Nobody can change the right page before `page` is released: no other pointer leads there.
    right.release();
  }

  /** Latches a right neighbour and points its left link to a page; null if there is none. */
  protected *relink(
    op: Operation,
    change: ChangeGroup,
    id: PageId,
    left: PageId,
  ): Task<WriteHandle | null> {
    if (id === NO_PAGE) return null;
    const neighbour = op.exclusive(id, "right neighbour");
    if (neighbour.pending) yield neighbour;
    // The left link of a dead page leads to what it held, and stays.
    if (!isDead(neighbour)) setLeft(change.edit(neighbour), left);
    return neighbour;
  }

  /**
   * The second step of a split: tells the parent of the right page, and takes the mark away. If the
   * parent is full, that is a split of its own. Requires: `page` is held and marked. Releases it.
   */
  protected *post(op: Operation, page: WriteHandle, way: Way): Task<void> {
    for (;;) {
      const parent = yield* this.latchParent(op, page, way);
      if (hasFlag(parent, INCOMPLETE_SPLIT_FLAG)) {
        // Level by level from above, so that no more is held: the mark keeps this page's place.
        const { pageId } = page;
        page.release();
        yield* this.post(op, parent, way);
        return yield* this.finishSplit(op, pageId, way);
      }
      const right = rightOf(page);
      const separator = copyHighFence(page) ?? noSibling(page);
      const change = op.change();
      setFlag(change.edit(page), INCOMPLETE_SPLIT_FLAG, false);
      const isRoot = parent.pageId === META_PAGE;
      if (isRoot || hasRoomFor(parent, op.store.params, separator.length, 0)) {
        if (isRoot) growRoot(change, parent, page, separator, right);
        else insertChild(change.edit(parent), separator, right);
        change.commit();
        return op.releaseAll();
      }
      const enter = (home: PageEditor): void => void insertChild(home, separator, right);
      yield* this.splitInTwo(op, change, parent, separator, 0, enter);
      page.release();
      page = parent;
    }
  }

  /** Finishes the split of a page, unless somebody has. */
  *finishSplit(op: Operation, id: PageId, way: Way): Task<void> {
    const page = op.exclusive(id, "left of a split");
    if (page.pending) yield page;
    if (!hasFlag(page, INCOMPLETE_SPLIT_FLAG)) return page.release();
    op.store.linkCounts.splitsFinished++;
    yield* this.post(op, page, way);
  }

  /**
   * Latches the page that has the downlink of `page`, which is held; if `page` is the root, the
   * meta page. Begins where the operation came down, and moves right from there.
   */
  protected *latchParent(op: Operation, page: PageHandle, way: Way): Task<WriteHandle> {
    const level = levelOf(page) + 1;
    const aim = atKey(copyLowFence(page));
    for (let hint: PageId | undefined = way[level]; ; hint = undefined) {
      if (hint === undefined) {
        const meta = op.exclusive(META_PAGE, "meta");
        if (meta.pending) yield meta;
        if (rootOf(meta) === page.pageId) return meta;
        meta.release();
        op.store.linkCounts.restarts++;
        const found = yield* this.descend(op, aim, level);
        hint = found.pageId;
        found.release();
      }
      const first = op.exclusive(hint, "parent");
      if (first.pending) yield first;
      const parent = yield* this.moveRight(op, first, aim, toWrite);
      if (!isDead(parent)) return parent;
      parent.release();
    }
  }

  // Merges.

  /** Merges the leaf of a key if it is too empty, and what is over it as far as that empties it. */
  protected *mergeUp(op: Operation, key: Uint8Array, way: Way): Task<void> {
    let level = 0;
    while (yield* this.mergeOn(op, level, key, way)) level++;
  }

  /** Merges the page of a key with a sibling; gives whether the parent may be too empty now. */
  protected *mergeOn(op: Operation, level: number, key: Uint8Array, way: Way): Task<boolean> {
    const siblings = yield* this.siblingsOf(op, level, key);
    if (siblings === null) return yield* this.lowerRoot(op);
    const { left, page, right } = siblings;
    if (left === NO_PAGE && right === NO_PAGE) return true;
    const isThin = right === NO_PAGE ? null : yield* this.mergeTwo(op, page, right, way);
    if (isThin !== null || left === NO_PAGE) return isThin ?? false;
    return (yield* this.mergeTwo(op, left, page, way)) ?? false;
  }

  /** The page of a key on a level, and its siblings under one parent; null if it is the root. */
  protected *siblingsOf(op: Operation, level: number, key: Uint8Array): Task<Siblings | null> {
    const root = yield* this.latchRoot(op);
    if (levelOf(root) <= level) {
      root.release();
      return null;
    }
    const parent = yield* this.descendFrom(op, root, atKey(key), level + 1);
    const index = childIndexFor(parent, key);
    const left = index > 0 ? childAt(parent, index - 1) : NO_PAGE;
    const right = index + 1 < countOf(parent) ? childAt(parent, index + 1) : NO_PAGE;
    const page = childAt(parent, index);
    parent.release();
    return { left, page, right };
  }

  /**
   * Merges a page into its left sibling, in two steps. Gives whether their parent may be too empty
   * now; null if they stay two.
   */
  protected *mergeTwo(
    op: Operation,
    leftId: PageId,
    rightId: PageId,
    way: Way,
  ): Task<boolean | null> {
    const left = op.exclusive(leftId, "left of two");
    if (left.pending) yield left;
    const right = op.exclusive(rightId, "right of two");
    if (right.pending) yield right;
    const between = rightOf(left);
    if (between !== rightId && areWhole(left, right)) {
      // A new page, or one that a crash left half dead: then it is finished first.
      op.releaseAll();
      if (!(yield* this.clearBetween(op, between, leftId))) return null;
      return yield* this.mergeTwo(op, leftId, rightId, way);
    }
    const parent = this.canMerge(op, left, right) ? yield* this.latchParent(op, left, way) : null;
    if (parent === null || !this.areSiblings(parent, left, right)) {
      op.releaseAll();
      return null;
    }
    const change = op.changeAtOnce();
    mergeHalfway(change, parent, left, right);
    change.commit();
    const isThin = isUnderfull(parent, op.store.params);
    const end = copyHighFence(right);
    op.releaseAll();
    yield* this.unlink(op, rightId, leftId, end);
    return isThin;
  }

  /** Whether two pages are still side by side under one parent, which may have been split. */
  protected areSiblings(parent: PageHandle, left: PageHandle, right: PageHandle): boolean {
    return areChildren(parent, left, right);
  }

  protected canMerge({ store }: Operation, left: PageHandle, right: PageHandle): boolean {
    return areWhole(left, right) && shouldMerge(left, right, store.params);
  }

  /** Unlinks what is between two pages if it is half dead; gives whether it was. */
  protected *clearBetween(op: Operation, id: PageId, from: PageId): Task<boolean> {
    const page = op.shared(id, "between two");
    if (page.pending) yield page;
    const wasHalfDead = isHalfDead(page);
    const end = copyHighFence(page);
    page.release();
    if (wasHalfDead) yield* this.unlink(op, id, from, end);
    return wasHalfDead;
  }

  /**
   * Takes a half-dead page out of the chain of its level, and frees it.
   *
   * @param from A page to the left of it, from which the chain is followed: what took over the keys
   *   of the dead page may have been split, or merged away, meanwhile.
   * @param end Where its keys ended: behind that it is not found any more.
   */
  *unlink(op: Operation, id: PageId, from: PageId, end: Uint8Array | null): Task<void> {
    let left = op.exclusive(from, "left sibling");
    if (left.pending) yield left;
    for (;;) {
      const isGone = hasFlag(left, UNLINKED_FLAG);
      if (!isGone && rightOf(left) === id) break;
      const isBehind = end !== null && compareLowFence(left, end) >= 0;
      const next = isBehind ? NO_PAGE : isGone ? leftOf(left) : rightOf(left);
      left.release();
      if (next === NO_PAGE) return;
      left = op.exclusive(next, "left sibling");
      if (left.pending) yield left;
    }
    const dead = op.exclusive(id, "half-dead page");
    if (dead.pending) yield dead;
    const change = op.change();
    setRight(change.edit(left), rightOf(dead));
    yield* this.relink(op, change, rightOf(dead), left.pageId);
    change.free(dead);
    change.commit();
    op.store.linkCounts.pagesUnlinked++;
    const isAlone = coversAll(left) && rightOf(left) === NO_PAGE;
    op.releaseAll();
    if (isAlone) yield* this.lowerRoot(op);
  }

  /** Makes the only child of the root the root, as often as there is only one. */
  *lowerRoot(op: Operation): Task<boolean> {
    for (;;) {
      const root = yield* this.latchRoot(op);
      const { pageId } = root;
      const child = isLeaf(root) || countOf(root) > 1 ? NO_PAGE : childAt(root, 0);
      root.release();
      if (child === NO_PAGE) return false;
      const lower = op.exclusive(child, "only child");
      if (lower.pending) yield lower;
      const upper = op.exclusive(pageId, "root");
      if (upper.pending) yield upper;
      const meta = op.exclusive(META_PAGE, "meta");
      if (meta.pending) yield meta;
      // A half-dead page in its chain still has to be unlinked from it: whoever does that goes on.
      const isTop = rootOf(meta) === pageId && rightOf(upper) === NO_PAGE;
      const isOver = isTop && countOf(upper) === 1;
      const isOnly = isOver && childAt(upper, 0) === child && coversAll(lower);
      if (isOnly) {
        const change = op.changeAtOnce();
        shrinkRoot(change, meta, upper);
        change.commit();
      }
      op.releaseAll();
      if (!isOnly) return false;
    }
  }
}

function noSibling(page: PageHandle): never {
  return broken("a page whose split is incomplete has a right sibling", `page ${page.pageId}`);
}
