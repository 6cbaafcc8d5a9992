import {
  hasFlag,
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  type PageId,
  rightOf,
  setFlag,
} from "../../storage/index.ts";
import { broken, type Task } from "../../task/index.ts";
import { type Aim, atKey } from "../aim.ts";
import { isDead } from "../link-pages.ts";
import { type Ask, toWrite } from "../link-walk.ts";
import { checkEntry } from "../limits.ts";
import { rootOf } from "../meta-page.ts";
import { insertChild, insertEntry } from "../node-edit.ts";
import { hasRoomFor } from "../node-fit.ts";
import { childAt, copyHighFence } from "../node-read.ts";
import { childIndexFor, search } from "../node-search.ts";
import type { Operation } from "../operation.ts";
import { growRootOver } from "../page-change.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { fitsInPlace, type PutRule, writeInPlace, writes } from "../put-rule.ts";
import { BLink, type Way } from "./b-link.ts";

/** What a parent is told of a split, once the page itself is released. */
interface Split {
  readonly page: PageId;
  readonly level: number;
  readonly separator: Uint8Array;
  readonly right: PageId;
}

/**
 * `b-link` whose writers release the child before they go up to tell its parent (Lanin and Shasha
 * 1986): while they ascend they hold nothing, and then the parent alone.
 *
 * What the latch of the child kept away has to be waited for instead. A split that is on its way is
 * noted in {@link Postings}. Whoever would need its pointer, to split that page once more or to
 * find a parent above a root that has just been split, waits until it is there and tries again.
 * Everybody else goes by: by right links all keys can be found. A split is three change groups: the
 * page, the parent, and the mark of the page off, which the page is latched anew for.
 *
 * Departures: merges are those of `b-link`, and leave pages alone whose split is on its way.
 */
export class LaninShasha extends BLink {
  override readonly name: string = "lanin-shasha";
  readonly postsApart: boolean = true;

  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const { params } = op.store;
    checkEntry(params, key, value);
    for (;;) {
      const way: Way = [];
      const leaf = yield* this.descendToWrite(op, key, way);
      const index = search(leaf, key);
      if (!writes(rule, index)) {
        leaf.release();
        return index < 0;
      }
      const isMarked = hasFlag(leaf, INCOMPLETE_SPLIT_FLAG);
      if (isMarked && !fitsInPlace(leaf, params, index, key, value)) {
        // To be split once more it would need a second mark.
        const { pageId } = leaf;
        leaf.release();
        op.store.linkCounts.restarts++;
        yield* this.untilTold(op, pageId);
        continue;
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
  }

  /** Only splits that nobody is on the way to tell of are finished; others are passed by. */
  protected override *moveToWrite<H extends PageHandle>(
    op: Operation,
    page: H,
    aim: Aim,
    ask: Ask<H>,
    way: Way,
  ): Task<H> {
    for (;;) {
      const isLeft = hasFlag(page, INCOMPLETE_SPLIT_FLAG) && !this.isOnItsWay(op, page);
      const next = isLeft ? page.pageId : this.sideStep(op, page, aim);
      if (next === NO_PAGE) return page;
      page.release();
      if (isLeft) yield* this.finishSplit(op, next, way);
      page = ask(op, next, "sibling");
      if (page.pending) yield page;
    }
  }

  override *finishSplit(op: Operation, id: PageId, way: Way): Task<void> {
    const page = op.exclusive(id, "left of a split");
    if (page.pending) yield page;
    if (!hasFlag(page, INCOMPLETE_SPLIT_FLAG) || this.isOnItsWay(op, page)) return page.release();
    op.store.linkCounts.splitsFinished++;
    yield* this.post(op, page, way);
  }

  /** Tells the parents of a split, and of those that this makes. Releases the page first. */
  protected override *post(op: Operation, page: WriteHandle, way: Way): Task<void> {
    const { postings } = op.store;
    let split: Split | null = this.beginPosting(op, page);
    let begun = split.page;
    try {
      while (split !== null) {
        const upper: Split | null = yield* this.tellParent(op, split, way);
        yield* this.takeMarkOff(op, split.page);
        postings.end(split.page);
        if (upper !== null) begun = upper.page;
        split = upper;
      }
    } finally {
      // Where a fault of the disk ended it, the marks tell the next writer.
      if (postings.isUnderWay(begun)) postings.end(begun);
    }
  }

  protected isOnItsWay({ store }: Operation, page: PageHandle): boolean {
    return store.postings.isUnderWay(page.pageId);
  }

  protected beginPosting(op: Operation, page: WriteHandle): Split {
    const separator = copyHighFence(page) ?? noSibling(page);
    const split = { page: page.pageId, level: levelOf(page), separator, right: rightOf(page) };
    op.store.postings.begin(page.pageId, op.owner.taskId);
    page.release();
    return split;
  }

  /** Gives the split of the parent, if it had to be split, which is on its way from then on. */
  protected *tellParent(op: Operation, split: Split, way: Way): Task<Split | null> {
    const { separator, right } = split;
    for (;;) {
      const parent = yield* this.parentOf(op, split, way);
      if (parent.pageId === META_PAGE) {
        const change = op.changeAtOnce();
        growRootOver(change, parent, split.page, split.level, separator, right);
        change.commit();
        op.releaseAll();
        return null;
      }
      // So it is after a crash between the parent and the mark.
      const isKnown = childAt(parent, childIndexFor(parent, separator)) === right;
      const hasRoom = isKnown || hasRoomFor(parent, op.store.params, separator.length, 0);
      if (hasRoom) {
        if (!isKnown) {
          const change = op.changeAtOnce();
          insertChild(change.edit(parent), separator, right);
          change.commit();
        }
        parent.release();
        return null;
      }
      if (!hasFlag(parent, INCOMPLETE_SPLIT_FLAG)) {
        const enter = (home: PageEditor): void => void insertChild(home, separator, right);
        yield* this.splitInTwo(op, op.change(), parent, separator, 0, enter);
        return this.beginPosting(op, parent);
      }
      const { pageId } = parent;
      const isOnItsWay = this.isOnItsWay(op, parent);
      parent.release();
      if (isOnItsWay) yield* this.untilTold(op, pageId);
      else yield* this.finishSplit(op, pageId, way);
    }
  }

  /** Latches the page of the level above that covers a separator; the meta page if there is none. */
  protected *parentOf(op: Operation, split: Split, way: Way): Task<WriteHandle> {
    const level = split.level + 1;
    const aim = atKey(split.separator);
    for (let hint: PageId | undefined = way[level]; ; hint = undefined) {
      if (hint === undefined) {
        const meta = op.exclusive(META_PAGE, "meta");
        if (meta.pending) yield meta;
        const root = rootOf(meta);
        if (root === split.page) return meta;
        meta.release();
        op.store.linkCounts.restarts++;
        const top = yield* this.latchRoot(op);
        if (levelOf(top) < level) {
          // The root has been split, and this is a page to its right: its pointer is not there yet.
          const { pageId } = top;
          top.release();
          yield* this.untilTold(op, pageId);
          continue;
        }
        const found = yield* this.descendFrom(op, top, aim, level);
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

  protected *takeMarkOff(op: Operation, id: PageId): Task<void> {
    const page = op.exclusive(id, "left of a split, told");
    if (page.pending) yield page;
    const change = op.changeAtOnce();
    setFlag(change.edit(page), INCOMPLETE_SPLIT_FLAG, false);
    change.commit();
    page.release();
  }

  /** Waits, holding nothing, until the parent of a page knows of its split. */
  protected *untilTold(op: Operation, page: PageId): Task<void> {
    const told = op.store.postings.whenTold(page);
    if (!told.isEnabled(op.owner.taskId)) yield told;
  }
}

function noSibling(page: PageHandle): never {
  return broken("a page whose split is incomplete has a right sibling", `page ${page.pageId}`);
}
