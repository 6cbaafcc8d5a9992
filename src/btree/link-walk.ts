import { leftOf, levelOf, META_PAGE, NO_PAGE, type PageId, rightOf } from "../storage/index.ts";
import { broken, type Task } from "../task/index.ts";
import { type Aim, atKey, belowBound } from "./aim.ts";
import { FenceScan } from "./fence-scan.ts";
import { rootOf } from "./meta-page.ts";
import { isDead } from "./link-pages.ts";
import { compareLowFence, reachesTo } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import type { PageHandle, WriteHandle } from "./page-handle.ts";

/** So many steps to the right a backward scan takes before it starts over from the root. */
const HOPS_MAX = 4;

/** How a page is asked for. */
export type Ask<H extends PageHandle> = (op: Operation, page: PageId, site: string) => H;

export const toRead: Ask<PageHandle> = (op, page, site) => op.shared(page, site);
export const toWrite: Ask<WriteHandle> = (op, page, site) => op.exclusive(page, site);

/**
 * Ways through a tree whose pages are linked to the right, each page released before the next one
 * is latched (Lehman and Yao 1981).
 *
 * By the time a page is latched it may have been split: then the high fence says that the key is
 * further right, and the right link leads there. Or it may be *dead*, merged away: then its left
 * link, which no longer changes, leads to the page that took over its keys (Lanin and Shasha 1986).
 * The low fence of a page never changes while it lives, so the page that is looked for is never to
 * the left of a live one. A dead page that is reached keeps its bytes; see docs/reclamation.md.
 */
export abstract class LinkWalk extends FenceScan {
  protected override *descend(op: Operation, aim: Aim, level: number): Task<PageHandle> {
    return yield* this.descendFrom(op, yield* this.latchRoot(op), aim, level);
  }

  protected *descendFrom(
    op: Operation,
    root: PageHandle,
    aim: Aim,
    level: number,
  ): Task<PageHandle> {
    let page = root;
    for (;;) {
      page = yield* this.moveRight(op, page, aim, toRead);
      if (levelOf(page) <= level) return atLevel(page, level);
      const child = aim.childIn(page);
      page.release();
      page = op.shared(child, "child");
      if (page.pending) yield page;
    }
  }

  protected *latchRoot(op: Operation): Task<PageHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    const root = rootOf(meta);
    meta.release();
    const page = op.shared(root, "root");
    if (page.pending) yield page;
    return page;
  }

  /** From where a pointer has led to the page of that level that the aim is on now. */
  protected *moveRight<H extends PageHandle>(
    op: Operation,
    page: H,
    aim: Aim,
    ask: Ask<H>,
  ): Task<H> {
    for (;;) {
      const next = this.sideStep(op, page, aim);
      if (next === NO_PAGE) return page;
      page.release();
      page = ask(op, next, "sibling");
      if (page.pending) yield page;
    }
  }

  /** Where to go from a page that the aim is not on; NO_PAGE if it is. */
  protected sideStep({ store }: Operation, page: PageHandle, aim: Aim): PageId {
    if (aim.isBeyond(page)) {
      store.linkCounts.movesRight++;
      return rightOf(page);
    }
    // A root that is dead is still over all keys.
    if (!isDead(page) || leftOf(page) === NO_PAGE) return NO_PAGE;
    store.linkCounts.movesLeft++;
    return leftOf(page);
  }

  protected override *stepRight(
    op: Operation,
    leaf: PageHandle,
    seen: Uint8Array,
  ): Task<PageHandle> {
    const id = rightOf(leaf);
    leaf.release();
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return yield* this.moveRight(op, next, atKey(seen), toRead);
  }

  /**
   * The left link is only a hint: a page that does not reach up to `seen` was split since, and the
   * page wanted is to its right; one that is dead, or reaches beyond, was merged.
   */
  protected override *stepLeft(
    op: Operation,
    leaf: PageHandle,
    seen: Uint8Array,
  ): Task<PageHandle> {
    let id = leftOf(leaf);
    leaf.release();
    for (let hops = 0; hops < HOPS_MAX && id !== NO_PAGE; hops++) {
      const page = op.shared(id, "left sibling");
      if (page.pending) yield page;
      const isTooFar = isDead(page) || compareLowFence(page, seen) >= 0;
      if (!isTooFar && reachesTo(page, seen)) return page;
      id = isTooFar ? NO_PAGE : rightOf(page);
      page.release();
    }
    op.store.linkCounts.restarts++;
    return yield* this.descend(op, belowBound(seen), 0);
  }
}

function atLevel(page: PageHandle, level: number): PageHandle {
  if (levelOf(page) === level) return page;
  const found = `page ${page.pageId} on level ${levelOf(page)}, above which there is none`;
  return broken(`a way down leads to level ${level}`, found);
}
