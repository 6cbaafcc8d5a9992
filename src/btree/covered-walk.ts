import { latchId, type LatchId, type LatchOrder } from "../latch/index.ts";
import { leftOf, META_PAGE, type PageId, rightOf } from "../storage/index.ts";
import { assert, type Task } from "../task/index.ts";
import type { ChangeGroup } from "./change-group.ts";
import { childBelow, type ChildChoice, childFor } from "./child-choice.ts";
import { oneLatchOnly } from "./latch-orders.ts";
import type { LatchedPath } from "./latched-path.ts";
import { rootOf } from "./meta-page.ts";
import { childAt, copyLowFence } from "./node-read.ts";
import { childIndexFor } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import { mergeIfFits } from "./page-change.ts";
import type { PageHandle, WriteHandle } from "./page-handle.ts";
import { countOf, isLeaf } from "./page-layout.ts";
import type { ScanPromise } from "./protocol.ts";
import { StructureChange } from "./structure-change.ts";
import { TopDown } from "./top-down.ts";

/**
 * The five operations where the latch of the meta page, held, covers all pages: the B+ tree of the
 * textbooks, in which nobody is in the way. What it does to pages is what other protocols do.
 *
 * A reader keeps one page at a time in memory. A writer keeps its whole way down, which holds up
 * nobody here and saves the question whether a page is safe.
 */
export class CoveredWalk extends TopDown {
  override readonly name: string = "covered walk";
  override readonly scanPromise: ScanPromise = "atomic";
  protected override readonly structure: StructureChange = new CoveredStructure();

  override latchOrder(): LatchOrder {
    return oneLatchOnly();
  }

  override coveringLatch(): LatchId {
    return latchId(META_PAGE);
  }

  protected override leafAtHand(op: Operation, key: Uint8Array): PageHandle | null {
    const { memory } = op.store;
    for (let id = rootOf(metaPage(op)); memory.isResident(id);) {
      const page = op.shared(id, "child");
      if (isLeaf(page)) return page;
      id = childFor(page, key);
      page.release();
    }
    return null;
  }

  protected override pathAtHand(op: Operation, key: Uint8Array): LatchedPath | null {
    const { memory } = op.store;
    const path = op.path.clear();
    const meta = metaPage(op);
    path.push(meta);
    for (let id = rootOf(meta); memory.isResident(id);) {
      const page = op.exclusive(id, "child");
      path.push(page);
      if (isLeaf(page)) return path;
      id = childFor(page, key);
    }
    op.releaseAll();
    return null;
  }

  protected override descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    return this.#descend(op, key, childFor);
  }

  protected override descendBelow(op: Operation, bound: Uint8Array | undefined): Task<PageHandle> {
    return this.#descend(op, bound, childBelow);
  }

  *#descend(op: Operation, key: Uint8Array | undefined, choose: ChildChoice): Task<PageHandle> {
    let page = op.shared(rootOf(metaPage(op)), "root");
    if (page.pending) yield page;
    while (!isLeaf(page)) {
      const child = choose(page, key);
      page.release();
      page = op.shared(child, "child");
      if (page.pending) yield page;
    }
    return page;
  }

  protected override *descendExclusive(op: Operation, key: Uint8Array): Task<LatchedPath> {
    const path = op.path.clear();
    const meta = metaPage(op);
    path.push(meta);
    let page = op.exclusive(rootOf(meta), "root");
    if (page.pending) yield page;
    path.push(page);
    while (!isLeaf(page)) {
      page = op.exclusive(childFor(page, key), "child");
      if (page.pending) yield page;
      path.push(page);
    }
    return path;
  }

  protected override stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    return this.#step(op, leaf, rightOf(leaf), "right sibling");
  }

  protected override stepLeft(op: Operation, leaf: PageHandle): Task<PageHandle> {
    return this.#step(op, leaf, leftOf(leaf), "left sibling");
  }

  *#step(op: Operation, leaf: PageHandle, next: PageId, site: string): Task<PageHandle> {
    leaf.release();
    const page = op.shared(next, site);
    if (page.pending) yield page;
    return page;
  }
}

/** Asks for a left sibling only once a page is to be merged: that is out of nobody's order here. */
class CoveredStructure extends StructureChange {
  protected override *mergePage(
    op: Operation,
    change: ChangeGroup,
    parent: WriteHandle,
    page: WriteHandle,
    left: WriteHandle | null,
  ): Task<WriteHandle | null> {
    const index = childIndexFor(parent, copyLowFence(page));
    const isLast = index + 1 === countOf(parent);
    if (!isLast || index === 0) return yield* super.mergePage(op, change, parent, page, left);
    const sibling = op.exclusive(childAt(parent, index - 1), "left sibling");
    if (sibling.pending) yield sibling;
    return mergeIfFits(change, parent, sibling, page, op.store.params);
  }
}

/** The meta page is held by the very latch that covers the others. */
function metaPage(op: Operation): WriteHandle {
  const { covering } = op;
  assert(covering.pageId === META_PAGE, "the pages are covered by the latch of the meta page");
  return covering as WriteHandle;
}
