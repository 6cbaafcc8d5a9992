import {
  checkEntry,
  checkKey,
  childAt,
  childIndexFor,
  Crabbing,
  find,
  isLeaf,
  type Operation,
  type OptimisticPage,
  type PutRule,
  rootOf,
} from "../../../src/btree/index.ts";
import { fitsInPlace, writeInPlace, writes } from "../../../src/btree/put-rule.ts";
import { META_PAGE, NO_PAGE, type PageId, type PageView } from "../../../src/storage/index.ts";
import type { Task } from "../../../src/task/index.ts";

const ATTEMPTS = 2;

/**
 * A protocol for tests only: gets and puts come down without a latch, each child coupled to its
 * parent's version; a put upgrades the leaf. After two attempts they do as crabbing does.
 */
export class OptimisticReader extends Crabbing {
  override readonly name: string = "optimistic-reader";
  /** How often an attempt was given up. */
  restarts = 0;

  override *get(op: Operation, key: Uint8Array): Task<boolean> {
    checkKey(op.store.params, key);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const leaf = yield* this.#descend(op, key);
      if (leaf === null) continue;
      const isThere = yield* this.look(leaf, (bytes) => {
        const index = find(bytes, key);
        if (index >= 0) op.keepValue(bytes, index);
        return index >= 0;
      });
      leaf.release();
      if (isThere !== null) return isThere;
      this.restarts++;
    }
    return yield* super.get(op, key);
  }

  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const { params } = op.store;
    checkEntry(params, key, value);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const seen = yield* this.#descend(op, key);
      if (seen === null) continue;
      const leaf = op.upgrade(seen, "leaf");
      if (leaf.pending) yield leaf;
      if (!leaf.isHeld) {
        this.restarts++;
        continue;
      }
      const index = find(leaf, key);
      const isMine = !writes(rule, index) || fitsInPlace(leaf, params, index, key, value);
      if (isMine && writes(rule, index)) {
        const change = op.changeAtOnce();
        writeInPlace(change, leaf, params, key, value);
        change.commit();
      }
      leaf.release();
      if (isMine) return index < 0;
      break;
    }
    return yield* super.upsert(op, key, value, rule);
  }

  /** What `see` finds in a page that has not changed meanwhile, or null. */
  protected look<T>(page: OptimisticPage, see: (bytes: PageView) => T): Task<T | null> {
    return page.read(see);
  }

  *#descend(op: Operation, key: Uint8Array): Task<OptimisticPage | null> {
    let page = op.optimistic(META_PAGE, "meta");
    while (page.pending) yield page;
    let next: PageId | null = page.isHeld ? yield* page.read(rootOf) : null;
    while (next !== null && next !== NO_PAGE) {
      const child = op.optimistic(next, "child");
      while (child.pending) yield child;
      // Only now is it certain that the child was the parent's when its version was taken.
      const isStill = yield* page.read(() => true);
      page.release();
      page = child;
      const go = (bytes: PageView): PageId =>
        isLeaf(bytes) ? NO_PAGE : childAt(bytes, childIndexFor(bytes, key));
      next = isStill === null || !child.isHeld ? null : yield* this.look(child, go);
    }
    if (next === NO_PAGE) return page;
    if (page.isHeld) page.release();
    this.restarts++;
    return null;
  }
}

/** As it, but what a page says is believed without a look at its version. */
export class TrustsItsEyes extends OptimisticReader {
  override readonly name: string = "trusts-its-eyes";

  protected override *look<T>(page: OptimisticPage, see: (bytes: PageView) => T): Task<T> {
    return see(page);
  }
}
