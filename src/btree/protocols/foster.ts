import { latchId, type LatchId, type LatchOrder } from "../../latch/index.ts";
import {
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  META_PAGE,
  type PageId,
  rightOf,
  setFlag,
} from "../../storage/index.ts";
import { broken, type Task } from "../../task/index.ts";
import { type Aim, atKey, belowBound } from "../aim.ts";
import type { AtOnce } from "../at-once.ts";
import { FenceScan } from "../fence-scan.ts";
import { FosterAtOnce, FosterCachedPathAtOnce } from "../foster-at-once.ts";
import { checkChild, checkFosterChild, endOfChild, isFosterParent } from "../foster-fences.ts";
import { preOrder } from "../latch-orders.ts";
import type { ChangeGroup } from "../change-group.ts";
import { checkEntry, checkKey } from "../limits.ts";
import { shouldMerge } from "../link-pages.ts";
import { rootOf } from "../meta-page.ts";
import { insertChild, insertEntry } from "../node-edit.ts";
import { hasRoomFor, isUnderfull } from "../node-fit.ts";
import { childAt, copyHighFence } from "../node-read.ts";
import { childIndexFor, covers, search } from "../node-search.ts";
import { afterEffect, deleteFromLeaf, makeRunInLeaf, readFromLeaf } from "../one-leaf.ts";
import type { Operation } from "../operation.ts";
import { growRoot, mergeIfFits, shrinkRoot, split } from "../page-change.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { countOf, isLeaf } from "../page-layout.ts";
import type { Protocol, ScanPromise } from "../protocol.ts";
import { type PutRule, writeInPlace, writes } from "../put-rule.ts";
import type { TreeStore } from "../tree-store.ts";
import type { WriteRun } from "../write-run.ts";

/**
 * Foster B-trees (Graefe, Kimura and Kuno, TODS 2012).
 *
 * A split latches one page, and the new one that nobody knows. The new page is the *foster child*
 * of the old one: its right sibling, to which no pointer leads but that of its *foster parent*.
 * Later a writer that holds the parent and the foster parent *adopts* it: puts its downlink into
 * the parent, and so ends the relation. So each page has one incoming pointer at all times, which
 * is read under the latch of the page that it is in, and that is held until the target is latched.
 *
 * Everything goes from above and from left to right. Scans come down anew for each leaf, by its
 * fences, and no link between siblings is followed but that to a foster child. So a split need not
 * tell its right neighbour, and left links may be wrong.
 *
 * Each pointer promises the fences of the page it leads to, and they are checked whenever it is
 * followed.
 *
 * A writer changes only pages that have no foster child and are none: where it meets a foster
 * parent, on whatever level, it releases everything, adopts the child, and comes down anew. So no
 * foster child has one of its own: a chain has two pages at most.
 */
export class Foster extends FenceScan implements Protocol {
  readonly name: string = "foster";
  readonly scanPromise: ScanPromise = "per-key";
  readonly leavesUnfinished: boolean = true;
  readonly keepsLeftLinks: boolean = false;

  latchOrder(store: TreeStore): LatchOrder {
    return preOrder(store);
  }

  coveringLatch(page: PageId): LatchId {
    return latchId(page);
  }

  atOnce(pathCache: boolean): AtOnce {
    return pathCache ? new FosterCachedPathAtOnce() : new FosterAtOnce();
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
    const leaf = yield* this.latchToWrite(op, key, 0);
    const { wasThere, isThin } = deleteFromLeaf(op, leaf, key);
    if (isThin) yield* afterEffect(op, this.mergeUp(op, key));
    return wasThere;
  }

  *writeRun(op: Operation, run: WriteRun): Task<void> {
    const leaf = yield* this.latchToWrite(op, run.next.key, 0);
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
    const leaf = yield* this.latchToWrite(op, key, 0);
    const index = search(leaf, key);
    if (writes(rule, index)) {
      const change = op.change();
      if (!writeInPlace(change, leaf, params, key, value, index)) {
        const { right } = split(change, leaf, params, key, value.length);
        insertEntry(change.edit(covers(right, key) ? right : leaf), key, value);
        this.fosters(op, change, leaf);
      }
      change.commit();
    }
    op.releaseAll();
    return index < 0;
  }

  /** Marks a page that was split: its right sibling is its foster child. */
  protected fosters(op: Operation, change: ChangeGroup, page: WriteHandle): void {
    setFlag(change.edit(page), INCOMPLETE_SPLIT_FLAG, true);
    this.sayWhatIsLeft(op, change);
  }

  /** Has the first space page say, once, what is left in the tree from now on. */
  protected sayWhatIsLeft({ store }: Operation, change: ChangeGroup): void {
    if (!store.space.mayBeUnfinished) change.setMayBeUnfinished(true);
    if (!store.space.hasStaleLeftLinks) change.setStaleLeftLinks(true);
  }

  // To read.

  /** Comes down in shared mode, and holds each page until the next one is latched. */
  protected override *descend(op: Operation, aim: Aim, level: number): Task<PageHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    let page = op.shared(rootOf(meta), "root");
    if (page.pending) yield page;
    page = yield* this.arrive(op, meta, 0, page, aim);
    while (levelOf(page) > level) {
      const index = aim.indexIn(page);
      const child = op.shared(childAt(page, index), "child");
      if (child.pending) yield child;
      page = yield* this.arrive(op, page, index, child, aim);
    }
    return page;
  }

  /**
   * From the child that an entry leads to, to the page of the chain that the aim is on; releases
   * the parent. Both are held.
   */
  protected *arrive(
    op: Operation,
    parent: PageHandle,
    index: number,
    child: PageHandle,
    aim: Aim,
  ): Task<PageHandle> {
    checkChild(parent, index, child);
    const end = isFosterParent(child) ? endOfChild(parent, index) : null;
    parent.release();
    let page = child;
    while (aim.isBeyond(page) && isFosterParent(page)) {
      op.store.linkCounts.movesRight++;
      page = yield* this.toFosterChild(op, page, end);
    }
    return page;
  }

  /** Latches the foster child of a page before that is released. */
  protected *toFosterChild(
    op: Operation,
    page: PageHandle,
    end: Uint8Array | null,
  ): Task<PageHandle> {
    const next = op.shared(rightOf(page), "foster child");
    if (next.pending) yield next;
    checkFosterChild(page, next, end);
    page.release();
    return next;
  }

  protected override *stepRight(
    op: Operation,
    leaf: PageHandle,
    seen: Uint8Array,
  ): Task<PageHandle> {
    leaf.release();
    return yield* this.descend(op, atKey(seen), 0);
  }

  protected override *stepLeft(
    op: Operation,
    leaf: PageHandle,
    seen: Uint8Array,
  ): Task<PageHandle> {
    leaf.release();
    return yield* this.descend(op, belowBound(seen), 0);
  }

  // To write.

  /**
   * Latches the page of a key on a level to change it, and nothing else: one that has no foster
   * child and is none. If the root is below that level, the meta page.
   */
  protected *latchToWrite(op: Operation, key: Uint8Array, level: number): Task<WriteHandle> {
    for (;;) {
      const page = yield* this.comeDown(op, key, level);
      if (isWritable(page)) return page;
      const met = levelOf(page);
      page.release();
      op.store.linkCounts.restarts++;
      yield* this.adopt(op, key, met);
    }
  }

  /**
   * Comes down to the page of a key on a level and latches that exclusively, the others on the way
   * in shared mode; but not further than to a page that has a foster child.
   */
  protected *comeDown(op: Operation, key: Uint8Array, level: number): Task<PageHandle> {
    let parent = op.shared(META_PAGE, "meta");
    if (parent.pending) yield parent;
    let page = op.shared(rootOf(parent), "root");
    if (page.pending) yield page;
    checkChild(parent, 0, page);
    if (levelOf(page) < level) return yield* this.latchMeta(op);
    if (levelOf(page) === level && !isFosterParent(page)) {
      // Only now it is known what the root is; the meta page keeps it the root.
      const { pageId } = page;
      page.release();
      page = op.exclusive(pageId, "root");
      if (page.pending) yield page;
      checkChild(parent, 0, page);
    }
    while (levelOf(page) > level && !isFosterParent(page)) {
      parent.release();
      parent = page;
      const index = childIndexFor(parent, key);
      page = this.askChild(op, parent, childAt(parent, index), level);
      if (page.pending) yield page;
      checkChild(parent, index, page);
    }
    parent.release();
    return page;
  }

  /** Asks for a child: exclusively if it is on the level that the writer is to change. */
  protected askChild(op: Operation, parent: PageHandle, child: PageId, level: number): PageHandle {
    const isLast = levelOf(parent) === level + 1;
    return isLast ? op.exclusive(child, "page") : op.shared(child, "child");
  }

  /** Latches the meta page to change it, from a way down that has found the root to be too low. */
  protected *latchMeta(op: Operation): Task<PageHandle> {
    op.releaseAll();
    const meta = op.exclusive(META_PAGE, "meta");
    if (meta.pending) yield meta;
    return meta;
  }

  // Adoption.

  /** Ends the foster relation of the page of a key on a level, if it has a foster child. */
  protected *adopt(op: Operation, key: Uint8Array, level: number): Task<void> {
    const parent = yield* this.latchToWrite(op, key, level + 1);
    const isMeta = parent.pageId === META_PAGE;
    const index = isMeta ? 0 : childIndexFor(parent, key);
    const child = op.exclusive(isMeta ? rootOf(parent) : childAt(parent, index), "foster parent");
    if (child.pending) yield child;
    checkChild(parent, index, child);
    // The root may have another level by the time that the meta page is latched.
    if (isFosterParent(child)) this.adoptInto(op, parent, child);
    op.releaseAll();
  }

  /**
   * Puts the downlink of a foster child into the parent, which is split for it if it is full, and
   * so gets a foster child itself. Both are held.
   */
  protected adoptInto(op: Operation, parent: WriteHandle, page: WriteHandle): void {
    const { params } = op.store;
    const right = rightOf(page);
    const separator = copyHighFence(page) ?? noFosterChild(page);
    const change = op.change();
    setFlag(change.edit(page), INCOMPLETE_SPLIT_FLAG, false);
    if (parent.pageId === META_PAGE) growRoot(change, parent, page, separator, right);
    else if (hasRoomFor(parent, params, separator.length, 0)) {
      insertChild(change.edit(parent), separator, right);
    } else {
      const upper = split(change, parent, params, separator, 0).right;
      insertChild(change.edit(covers(upper, separator) ? upper : parent), separator, right);
      this.fosters(op, change, parent);
    }
    change.commit();
    op.store.linkCounts.splitsFinished++;
  }

  // Merges.

  /** Merges the leaf of a key if it is too empty, and what is over it as far as that empties it. */
  protected *mergeUp(op: Operation, key: Uint8Array): Task<void> {
    let level = 0;
    while (yield* this.mergeOn(op, key, level)) level++;
  }

  /** Merges the page of a key with a sibling; gives whether the parent may be too empty now. */
  protected *mergeOn(op: Operation, key: Uint8Array, level: number): Task<boolean> {
    for (;;) {
      const parent = yield* this.latchToWrite(op, key, level + 1);
      if (parent.pageId === META_PAGE) return yield* this.lowerRoot(op, parent);
      const index = childIndexFor(parent, key);
      const hasRight = index + 1 < countOf(parent);
      let done = hasRight ? yield* this.mergeTwo(op, parent, index) : null;
      if (done === null && index > 0) done = yield* this.mergeTwo(op, parent, index - 1);
      const isAlone = countOf(parent) === 1;
      const isThin = isUnderfull(parent, op.store.params);
      op.releaseAll();
      if (done !== "adopted") return isAlone || (done === "merged" && isThin);
    }
  }

  /**
   * Merges two children of a page that is held, side by side, into the left one, if one is too
   * empty and both fit. If one has a foster child, that is adopted instead. Null: they stay.
   */
  protected *mergeTwo(
    op: Operation,
    parent: WriteHandle,
    index: number,
  ): Task<"merged" | "adopted" | null> {
    const left = op.exclusive(childAt(parent, index), "left of two");
    if (left.pending) yield left;
    const right = op.exclusive(childAt(parent, index + 1), "right of two");
    if (right.pending) yield right;
    checkChild(parent, index, left);
    checkChild(parent, index + 1, right);
    const fostering = this.toBeAdoptedFrom(left, right);
    if (fostering !== undefined) {
      this.adoptInto(op, parent, fostering);
      return "adopted";
    }
    const isDone = shouldMerge(left, right, op.store.params);
    if (isDone) {
      const change = op.changeAtOnce();
      mergeIfFits(change, parent, left, right, op.store.params);
      this.sayWhatIsLeft(op, change);
      change.commit();
      op.store.linkCounts.pagesUnlinked++;
    }
    right.release();
    left.release();
    return isDone ? "merged" : null;
  }

  /** Which of two pages has a foster child, which would be lost if they were merged. */
  protected toBeAdoptedFrom(left: WriteHandle, right: WriteHandle): WriteHandle | undefined {
    return [left, right].find(isFosterParent);
  }

  /** Makes the only child of the root the root, as often as there is only one. */
  protected *lowerRoot(op: Operation, meta: WriteHandle): Task<boolean> {
    for (;;) {
      const root = op.exclusive(rootOf(meta), "root");
      if (root.pending) yield root;
      const isOver = isLeaf(root) || countOf(root) > 1 || isFosterParent(root);
      if (isOver) break;
      const change = op.changeAtOnce();
      shrinkRoot(change, meta, root);
      change.commit();
      root.release();
    }
    op.releaseAll();
    return false;
  }
}

/** Whether a page is held to be changed, and by itself: it has no foster child. */
function isWritable(page: PageHandle): page is WriteHandle {
  return page.isWritable && !isFosterParent(page);
}

function noFosterChild(page: PageHandle): never {
  return broken("a foster parent has a foster child, and so a high fence", `page ${page.pageId}`);
}
