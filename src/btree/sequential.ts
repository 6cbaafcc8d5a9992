import {
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  type PageId,
  pageIdOf,
  type PageView,
  leftOf,
  rightOf,
  setLeft,
} from "../storage/index.ts";
import { assert, broken, type Task } from "../task/index.ts";
import type { ChangeGroup } from "./change-group.ts";
import { rootOf, setRoot } from "./meta-page.ts";
import { insertChild, insertEntry, removeEntry, replaceValue } from "./node-edit.ts";
import { hasRoomFor, hasRoomToReplace, isUnderfull } from "./node-fit.ts";
import { mergeFits } from "./node-merge.ts";
import { childAt, copyLowFence } from "./node-read.ts";
import {
  childIndexBelow,
  childIndexFor,
  compareLowFence,
  covers,
  find,
  isBelowHighFence,
} from "./node-search.ts";
import { splitPage } from "./node-split.ts";
import type { Operation } from "./operation.ts";
import { absorb, formatRoot, onlyChildOf } from "./page-change.ts";
import type { PageGuard } from "./page-guard.ts";
import { countOf, isLeaf } from "./page-layout.ts";
import { emitLeaf, type RowSink, type ScanRange } from "./scan-range.ts";

const FIRST_KEY = new Uint8Array(0);

/** A page that was split: its new right half and the separator between the two. */
interface Half {
  readonly right: PageEditor;
  readonly separator: Uint8Array;
}

/**
 * A B+ tree for one task at a time, as every textbook has it: no latch is waited for here.
 *
 * It is what the protocols with one latch for the whole tree run under that latch, and it leaves
 * the same trees as the others do: the same splits, the same merges, the same format.
 *
 * Each page is fixed, which is pinned, before it is touched; a step is yielded only for a page that
 * has to be read. Writers keep all their pages to the end, so that what they change stays in memory
 * until it is committed; readers keep one page beside the next.
 */
export class SequentialTree {
  readonly #op: Operation;
  readonly #tree: PageGuard;
  /** The inner pages above the leaf last found, the root first. */
  readonly #above: PageId[] = [];

  /** @param tree The latch of the whole tree, held as long as this object is used. */
  constructor(op: Operation, tree: PageGuard) {
    this.#op = op;
    this.#tree = tree;
  }

  *get(key: Uint8Array): Task<boolean> {
    const leaf = this.#leafAtHand(key) ?? (yield* this.#leafOf(key));
    const index = find(leaf, key);
    if (index >= 0) this.#op.keepValue(leaf, index);
    this.#op.unfixAll();
    return index >= 0;
  }

  /** Sets a key's value, or only adds it if `overwrite` is false; true if the key is new. */
  *upsert(key: Uint8Array, value: Uint8Array, overwrite: boolean): Task<boolean> {
    const leaf = this.#leafAtHand(key) ?? (yield* this.#leafOf(key));
    const index = find(leaf, key);
    if (index < 0 || overwrite) {
      const change = this.#op.change();
      const page = this.#edit(change, pageIdOf(leaf));
      if (index >= 0 && hasRoomToReplace(page, index, value.length)) {
        replaceValue(page, index, value);
      } else {
        if (index >= 0) removeEntry(page, index);
        if (hasRoomFor(page, this.#op.store.params, key.length, value.length)) {
          insertEntry(page, key, value);
        } else yield* this.#splitFor(change, page, key, value);
      }
      change.commit();
    }
    this.#op.unfixAll();
    return index < 0;
  }

  *delete(key: Uint8Array): Task<boolean> {
    const leaf = this.#leafAtHand(key) ?? (yield* this.#leafOf(key));
    const index = find(leaf, key);
    if (index >= 0 || countOf(leaf) === 0) {
      const change = this.#op.change();
      const page = this.#edit(change, pageIdOf(leaf));
      if (index >= 0) removeEntry(page, index);
      if (this.#above.length === 0 || isUnderfull(page, this.#op.store.params)) {
        yield* this.#mergeUp(change, page);
      }
      change.commit();
    }
    this.#op.unfixAll();
    return index >= 0;
  }

  *scan(range: ScanRange, sink: RowSink): Task<number> {
    const { start, end, reverse = false, limit = Number.POSITIVE_INFINITY } = range;
    let leaf = yield* reverse ? this.#lastLeafOf(range) : this.#leafOf(start ?? FIRST_KEY);
    let rows = 0;
    for (;;) {
      rows += emitLeaf(leaf, range, limit - rows, sink);
      const isPast = reverse
        ? start !== undefined && compareLowFence(leaf, start) <= 0
        : end !== undefined && isBelowHighFence(leaf, end);
      const next = reverse ? leftOf(leaf) : rightOf(leaf);
      if (rows >= limit || isPast || next === NO_PAGE) break;
      const from = copyLowFence(leaf);
      // A long scan must not pin the whole tree.
      this.#op.unfixAll();
      leaf = yield* this.#page(next, reverse ? "left sibling" : "right sibling");
      // Links that lead in a circle, as in a page file that is older in part, would never end.
      const order = compareLowFence(leaf, from);
      if (reverse ? order >= 0 : order <= 0) {
        const found = `page ${next}, which leads back`;
        broken("a scan goes on to keys that it has not seen", found);
      }
      this.#op.saw(leaf);
    }
    this.#op.unfixAll();
    return rows;
  }

  /** As {@link #leafOf} where all pages on the way are in memory; else null, and nothing fixed. */
  #leafAtHand(key: Uint8Array): PageView | null {
    assert(this.#tree.isHeld, "the tree is touched only under its latch");
    if (this.#above.length > 0) this.#above.length = 0;
    const op = this.#op;
    let page = op.fixAtHand(rootOf(this.#tree));
    while (page !== null && !isLeaf(page)) {
      this.#above.push(pageIdOf(page));
      page = op.fixAtHand(childAt(page, childIndexFor(page, key)));
    }
    if (page === null) op.unfixAll();
    else op.saw(page);
    return page;
  }

  *#leafOf(key: Uint8Array): Task<PageView> {
    assert(this.#tree.isHeld, "the tree is touched only under its latch");
    this.#above.length = 0;
    const op = this.#op;
    let fix = op.fix(rootOf(this.#tree), "root");
    if (fix.pending) yield fix;
    let page = fix.page;
    while (!isLeaf(page)) {
      this.#above.push(pageIdOf(page));
      fix = op.fix(childAt(page, childIndexFor(page, key)), "child");
      if (fix.pending) yield fix;
      page = fix.page;
    }
    op.saw(page);
    return page;
  }

  *#lastLeafOf(range: ScanRange): Task<PageView> {
    const { end } = range;
    if (end !== undefined && range.endInclusive === true) return yield* this.#leafOf(end);
    let page = yield* this.#page(rootOf(this.#tree), "root");
    while (!isLeaf(page)) {
      const index = end === undefined ? countOf(page) - 1 : childIndexBelow(page, end);
      page = yield* this.#page(childAt(page, index), "child");
    }
    this.#op.saw(page);
    return page;
  }

  *#splitFor(
    change: ChangeGroup,
    leaf: PageEditor,
    key: Uint8Array,
    value: Uint8Array,
  ): Task<void> {
    const { right, separator } = yield* this.#split(change, leaf, key, value.length);
    insertEntry(covers(right, key) ? right : leaf, key, value);
    yield* this.#addChild(change, leaf, separator, right);
  }

  /** Posts a new right half to the parent of the page it was split from, splitting upward. */
  *#addChild(
    change: ChangeGroup,
    page: PageEditor,
    separator: Uint8Array,
    right: PageEditor,
  ): Task<void> {
    const parentId = this.#above.pop();
    if (parentId === undefined) {
      const root = change.allocateUnder(this.#tree);
      formatRoot(this.#edit(change, root), root, page, separator, pageIdOf(right));
      setRoot(this.#edit(change, META_PAGE), root);
      return;
    }
    const parent = this.#edit(change, parentId);
    if (hasRoomFor(parent, this.#op.store.params, separator.length, 0)) {
      insertChild(parent, separator, pageIdOf(right));
      return;
    }
    const upper = yield* this.#split(change, parent, separator, 0);
    insertChild(covers(upper.right, separator) ? upper.right : parent, separator, pageIdOf(right));
    yield* this.#addChild(change, parent, upper.separator, upper.right);
  }

  *#split(change: ChangeGroup, page: PageEditor, key: Uint8Array, valueLength: number): Task<Half> {
    const rightId = change.allocateUnder(this.#tree);
    const right = this.#edit(change, rightId);
    const incoming = { key, valueLength };
    const separator = splitPage(page, right, rightId, this.#op.store.params, incoming);
    yield* this.#relinkRight(change, right);
    return { right, separator };
  }

  *#mergeUp(change: ChangeGroup, page: PageEditor): Task<void> {
    const parentId = this.#above.pop();
    if (parentId === undefined) {
      this.#shrinkRoot(change, page);
      return;
    }
    if (!isUnderfull(page, this.#op.store.params)) return;
    const parent = this.#edit(change, parentId);
    const index = childIndexFor(parent, copyLowFence(page));
    // A page merges with its right sibling, and only a last child with its left one.
    const isLast = index === countOf(parent) - 1;
    if (isLast && index === 0) return;
    const leftId = childAt(parent, isLast ? index - 1 : index);
    const rightId = childAt(parent, isLast ? index : index + 1);
    yield* this.#page(isLast ? leftId : rightId, isLast ? "left sibling" : "right sibling");
    const left = this.#edit(change, leftId);
    const right = this.#op.store.memory.frame(rightId);
    if (!mergeFits(left, right, this.#op.store.params)) return;
    absorb(parent, left, right);
    change.freeUnder(this.#tree, rightId);
    yield* this.#relinkRight(change, left);
    yield* this.#mergeUp(change, parent);
  }

  #shrinkRoot(change: ChangeGroup, root: PageEditor): void {
    const child = onlyChildOf(root);
    if (child === null) return;
    setRoot(this.#edit(change, META_PAGE), child);
    change.freeUnder(this.#tree, pageIdOf(root));
  }

  *#relinkRight(change: ChangeGroup, page: PageView): Task<void> {
    const next = rightOf(page);
    if (next === NO_PAGE) return;
    yield* this.#page(next, "right neighbour");
    setLeft(this.#edit(change, next), pageIdOf(page));
  }

  *#page(id: PageId, site: string): Task<PageView> {
    assert(this.#tree.isHeld, "the tree is touched only under its latch");
    const fix = this.#op.fix(id, site);
    if (fix.pending) yield fix;
    return fix.page;
  }

  /** Requires: the page is the meta page, which the latch of the tree pins, or fixed. */
  #edit(change: ChangeGroup, id: PageId): PageEditor {
    return change.editUnder(this.#tree, id);
  }
}
