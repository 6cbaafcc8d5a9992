import {
  childAt,
  childIndexFor,
  covers,
  Crabbing,
  isLeaf,
  type Operation,
  type PageHandle,
  rootOf,
} from "../../src/btree/index.ts";
import {
  hasFlag,
  META_PAGE,
  type PageId,
  type Reclamation,
  UNLINKED_FLAG,
} from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";

/**
 * Crabbing whose readers hold one latch at a time: they release a page before they latch its child,
 * look whether they came to the right page, and start over from the root if not. So a reader can
 * come to a page that was unlinked meanwhile, and its bytes must still be there to say so.
 */
export class UncoupledReaders extends Crabbing {
  override readonly name: string = "uncoupled-readers";
  readonly reclamation: Reclamation = "after-earlier-operations";
  /** How often a reader was granted the latch of a page that was unlinked before. */
  unlinkedPagesMet = 0;

  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    for (;;) {
      const leaf = yield* this.attempt(op, key);
      if (leaf !== null) return leaf;
    }
  }

  /** Comes down once; null if it came too late to some page. */
  protected *attempt(op: Operation, key: Uint8Array): Task<PageHandle | null> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    let id = rootOf(meta);
    meta.release();
    for (;;) {
      this.between(op, id);
      const page = op.shared(id, "child");
      if (page.pending) yield page;
      const isUnlinked = hasFlag(page, UNLINKED_FLAG);
      if (isUnlinked) this.unlinkedPagesMet++;
      if (isUnlinked || !covers(page, key)) {
        page.release();
        return null;
      }
      if (isLeaf(page)) return page;
      id = childAt(page, childIndexFor(page, key));
      page.release();
    }
  }

  /** Hook: a pointer has been read, and no latch covers it. */
  protected between(_op: Operation, _id: PageId): void {}
}

/** The bug: pages are free at once, although readers may be on their way to them. */
export class FreesAtOnce extends UncoupledReaders {
  override readonly name: string = "frees-at-once";
  override readonly reclamation: Reclamation = "at-once";
}

/** The bug: a reader says that it has ended while it is still on its way to a page. */
export class LeavesOnTheWay extends UncoupledReaders {
  override readonly name: string = "leaves-on-the-way";

  protected override between(op: Operation): void {
    op.leave();
  }
}
