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
import { type Ask, toRead } from "../link-walk.ts";
import { checkEntry } from "../limits.ts";
import { insertChild, insertEntry } from "../node-edit.ts";
import { hasRoomFor } from "../node-fit.ts";
import { copyHighFence, copyLowFence } from "../node-read.ts";
import { search } from "../node-search.ts";
import type { Operation } from "../operation.ts";
import { growRoot } from "../page-change.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { fitsInPlace, type PutRule, writeInPlace, writes } from "../put-rule.ts";
import { BLink, type Way } from "./b-link.ts";

/** What a parent is told of a split, once the page itself is released. */
interface Split {
  readonly page: PageId;
  readonly level: number;
  readonly low: Uint8Array;
}

/**
 * `b-link` whose writers release the child before they go up to look for its parent (Lanin and
 * Shasha 1986): while they ascend they hold nothing.
 *
 * What the latch of the child kept away has to be waited for instead. A split that is on its way is
 * noted in {@link Postings}. Whoever would need its pointer, to split that page once more or to
 * find a parent above a root that has just been split, waits until it is there and tries again.
 * Everybody else goes by: by right links all keys can be found.
 *
 * Departures: once the parent is found, the child is latched again before it, so that the pointer
 * and the mark change in one group, and a crash leaves nothing that `b-link` does not. Their
 * writers have no marks, and hold one latch at a time even then. Merges are those of `b-link`, and
 * leave pages alone whose split is on its way.
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
    try {
      while (split !== null) {
        yield* this.findParent(op, split, way);
        split = yield* this.tellParent(op, split, way);
      }
    } finally {
      // Where a fault of the disk ended it, the mark tells the next writer.
      if (split !== null) postings.end(split.page);
    }
  }

  protected isOnItsWay({ store }: Operation, page: PageHandle): boolean {
    return store.postings.isUnderWay(page.pageId);
  }

  /** Notes that a split is on its way to the parent, and releases the page. */
  protected beginPosting(op: Operation, page: WriteHandle): Split {
    const { pageId } = page;
    const split = { page: pageId, level: levelOf(page), low: copyLowFence(page) };
    op.store.postings.begin(pageId, op.owner.taskId);
    page.release();
    return split;
  }

  /** Ascends: notes on the way where the parent is, and holds nothing before and after. */
  protected *findParent(op: Operation, { page, level, low }: Split, way: Way): Task<void> {
    const above = level + 1;
    const aim = atKey(low);
    for (;;) {
      const hint = way[above];
      let parent: PageHandle;
      if (hint === undefined) {
        const top = yield* this.latchRoot(op);
        const { pageId } = top;
        if (levelOf(top) < above) {
          const isOnItsWay = this.isOnItsWay(op, top);
          top.release();
          if (pageId === page) return;
          // The root was split, and this page is to its right: no pointer leads here from above.
          op.store.linkCounts.restarts++;
          if (isOnItsWay) yield* this.untilTold(op, pageId);
          else yield* this.finishSplit(op, pageId, []);
          continue;
        }
        parent = yield* this.descendFrom(op, top, aim, above);
      } else {
        const first = op.shared(hint, "parent");
        if (first.pending) yield first;
        parent = yield* this.moveRight(op, first, aim, toRead);
      }
      const isAlive = !isDead(parent);
      if (isAlive) way[above] = parent.pageId;
      else way.length = above;
      parent.release();
      if (isAlive) return;
    }
  }

  /**
   * Tells the parent, and takes the mark off in the same group, for which the page is latched
   * again. Gives the split of the parent if that had to be split, and the same split if the parent
   * cannot be split now.
   */
  protected *tellParent(op: Operation, split: Split, way: Way): Task<Split | null> {
    const { postings } = op.store;
    const page = op.exclusive(split.page, "left of a split again");
    if (page.pending) yield page;
    const parent = yield* this.latchParent(op, page, way);
    const separator = copyHighFence(page) ?? noSibling(page);
    const right = rightOf(page);
    const isRoot = parent.pageId === META_PAGE;
    const hasRoom = isRoot || hasRoomFor(parent, op.store.params, separator.length, 0);
    if (!hasRoom && hasFlag(parent, INCOMPLETE_SPLIT_FLAG)) {
      const { pageId } = parent;
      const isOnItsWay = this.isOnItsWay(op, parent);
      op.releaseAll();
      op.store.linkCounts.restarts++;
      if (isOnItsWay) yield* this.untilTold(op, pageId);
      else yield* this.finishSplit(op, pageId, way);
      return split;
    }
    const change = op.change();
    setFlag(change.edit(page), INCOMPLETE_SPLIT_FLAG, false);
    if (hasRoom) {
      if (isRoot) growRoot(change, parent, page, separator, right);
      else insertChild(change.edit(parent), separator, right);
      change.commit();
      op.releaseAll();
      postings.end(split.page);
      return null;
    }
    const enter = (home: PageEditor): void => void insertChild(home, separator, right);
    yield* this.splitInTwo(op, change, parent, separator, 0, enter);
    page.release();
    postings.end(split.page);
    return this.beginPosting(op, parent);
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
