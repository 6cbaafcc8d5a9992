import { levelOf, META_PAGE, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { checkEntry, checkKey } from "../limits.ts";
import { rootOf } from "../meta-page.ts";
import { childAt } from "../node-read.ts";
import { childIndexFor } from "../node-search.ts";
import type { Operation } from "../operation.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import { isLeaf } from "../page-layout.ts";
import { type PutRule, removeFromLeaf, writeInLeaf } from "../put-rule.ts";
import type { RunWrite } from "../write-run.ts";
import { Crabbing } from "./crabbing.ts";

/**
 * Optimistic latch crabbing (Bayer and Schkolnick 1977, their second solution).
 *
 * Most writes change one leaf and nothing else, so a writer comes down like a reader and latches
 * only the leaf exclusively, while it still holds the parent. If the leaf turns out to be unsafe it
 * releases everything and starts over from the root as pessimistic crabbing does.
 *
 * Two things are never done, and each is a bug in the bank: a shared latch is never upgraded (two
 * tasks that try wait for each other), and nothing is carried into the second attempt but the key
 * (a remembered page may have been split, merged or freed). A root that is a leaf is latched twice,
 * first to see that it is one: the meta page, held meanwhile, keeps it the root.
 */
export class OptimisticCrabbing extends Crabbing {
  override readonly name: string = "optimistic-crabbing";

  override *delete(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    const leaf = yield* this.descendToWrite(op, key);
    const wasThere = removeFromLeaf(op, leaf, key);
    leaf.release();
    return wasThere ?? (yield* super.delete(op, key));
  }

  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    checkEntry(op.store.params, key, value);
    const leaf = yield* this.descendToWrite(op, key);
    const wasAbsent = writeInLeaf(op, leaf, key, value, rule);
    leaf.release();
    return wasAbsent ?? (yield* this.upsertFromRoot(op, key, value, rule));
  }

  /** The second attempt, which holds nothing and knows nothing but the entry. */
  protected *upsertFromRoot(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    return yield* super.upsert(op, key, value, rule);
  }

  protected override leafToWrite(op: Operation, { key }: RunWrite): Task<WriteHandle> {
    return this.descendToWrite(op, key);
  }

  /** Comes down as a reader does, and latches the leaf exclusively while its parent is held. */
  protected *descendToWrite(op: Operation, key: Uint8Array): Task<WriteHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    let page = op.shared(rootOf(meta), "root");
    if (page.pending) yield page;
    if (isLeaf(page)) return yield* this.latchRootLeaf(op, meta, page);
    meta.release();
    for (;;) {
      const child = childAt(page, childIndexFor(page, key));
      if (levelOf(page) === 1) return yield* this.latchLeaf(op, page, child);
      const next = op.shared(child, "child");
      if (next.pending) yield next;
      page.release();
      page = next;
    }
  }

  protected *latchLeaf(op: Operation, parent: PageHandle, id: PageId): Task<WriteHandle> {
    const leaf = op.exclusive(id, "leaf");
    if (leaf.pending) yield leaf;
    parent.release();
    return leaf;
  }

  protected *latchRootLeaf(op: Operation, meta: PageHandle, root: PageHandle): Task<WriteHandle> {
    const id = root.pageId;
    root.release();
    const leaf = op.exclusive(id, "root leaf");
    if (leaf.pending) yield leaf;
    meta.release();
    return leaf;
  }
}
