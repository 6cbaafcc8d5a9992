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
import { assert } from "../task/index.ts";
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
import type { PageGuard } from "./page-guard.ts";
import { countOf, isLeaf } from "./page-layout.ts";
import { emitLeaf, type RowSink, type ScanRange } from "./scan-range.ts";
import { absorb, formatRoot, onlyChildOf } from "./structure-change.ts";

const FIRST_KEY = new Uint8Array(0);

/** A page that was split: its new right half and the separator between the two. */
interface Half {
  readonly right: PageEditor;
  readonly separator: Uint8Array;
}

/**
 * A B+ tree for one task at a time, as every textbook has it: nothing here waits.
 *
 * It is what the protocols with one latch for the whole tree run under that latch, and it leaves
 * the same trees as the others do: the same splits, the same merges, the same format.
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

  get(key: Uint8Array): boolean {
    const leaf = this.#leafOf(key);
    const index = find(leaf, key);
    if (index >= 0) this.#op.keepValue(leaf, index);
    return index >= 0;
  }

  /** Sets a key's value, or only adds it if `overwrite` is false; true if the key is new. */
  upsert(key: Uint8Array, value: Uint8Array, overwrite: boolean): boolean {
    const leaf = this.#leafOf(key);
    const index = find(leaf, key);
    if (index >= 0 && !overwrite) return false;
    const change = this.#op.change();
    const page = this.#edit(change, pageIdOf(leaf));
    if (index >= 0 && hasRoomToReplace(page, index, value.length)) {
      replaceValue(page, index, value);
    } else {
      if (index >= 0) removeEntry(page, index);
      this.#addEntry(change, page, key, value);
    }
    change.commit();
    return index < 0;
  }

  delete(key: Uint8Array): boolean {
    const leaf = this.#leafOf(key);
    const index = find(leaf, key);
    if (index < 0 && countOf(leaf) > 0) return false;
    const change = this.#op.change();
    const page = this.#edit(change, pageIdOf(leaf));
    if (index >= 0) removeEntry(page, index);
    this.#mergeUp(change, page);
    change.commit();
    return index >= 0;
  }

  scan(range: ScanRange, sink: RowSink): number {
    const { start, end, reverse = false, limit = Number.POSITIVE_INFINITY } = range;
    let leaf = reverse ? this.#lastLeafOf(range) : this.#leafOf(start ?? FIRST_KEY);
    let rows = 0;
    for (;;) {
      rows += emitLeaf(leaf, range, limit - rows, sink);
      const isPast = reverse
        ? start !== undefined && compareLowFence(leaf, start) <= 0
        : end !== undefined && isBelowHighFence(leaf, end);
      const next = reverse ? leftOf(leaf) : rightOf(leaf);
      if (rows >= limit || isPast || next === NO_PAGE) return rows;
      leaf = this.#page(next);
    }
  }

  #leafOf(key: Uint8Array): PageView {
    this.#above.length = 0;
    let page = this.#page(rootOf(this.#tree));
    while (!isLeaf(page)) {
      this.#above.push(pageIdOf(page));
      page = this.#page(childAt(page, childIndexFor(page, key)));
    }
    return page;
  }

  #lastLeafOf(range: ScanRange): PageView {
    const { end } = range;
    if (end !== undefined && range.endInclusive === true) return this.#leafOf(end);
    let page = this.#page(rootOf(this.#tree));
    while (!isLeaf(page)) {
      const index = end === undefined ? countOf(page) - 1 : childIndexBelow(page, end);
      page = this.#page(childAt(page, index));
    }
    return page;
  }

  #addEntry(change: ChangeGroup, leaf: PageEditor, key: Uint8Array, value: Uint8Array): void {
    const { params } = this.#op.store;
    if (hasRoomFor(leaf, params, key.length, value.length)) {
      insertEntry(leaf, key, value);
      return;
    }
    const { right, separator } = this.#split(change, leaf, key, value.length);
    insertEntry(covers(right, key) ? right : leaf, key, value);
    this.#addChild(change, leaf, separator, right);
  }

  /** Posts a new right half to the parent of the page it was split from, splitting upward. */
  #addChild(change: ChangeGroup, page: PageEditor, separator: Uint8Array, right: PageEditor): void {
    const parentId = this.#above.pop();
    if (parentId === undefined) {
      const root = this.#op.store.freePages.allocate();
      formatRoot(this.#edit(change, root), root, page, separator, pageIdOf(right));
      setRoot(this.#edit(change, META_PAGE), root);
      return;
    }
    const parent = this.#edit(change, parentId);
    if (hasRoomFor(parent, this.#op.store.params, separator.length, 0)) {
      insertChild(parent, separator, pageIdOf(right));
      return;
    }
    const upper = this.#split(change, parent, separator, 0);
    insertChild(covers(upper.right, separator) ? upper.right : parent, separator, pageIdOf(right));
    this.#addChild(change, parent, upper.separator, upper.right);
  }

  #split(change: ChangeGroup, page: PageEditor, key: Uint8Array, valueLength: number): Half {
    const rightId = this.#op.store.freePages.allocate();
    const right = change.editUnder(this.#tree, rightId);
    const incoming = { key, valueLength };
    const separator = splitPage(page, right, rightId, this.#op.store.params, incoming);
    this.#relinkRight(change, right);
    return { right, separator };
  }

  #mergeUp(change: ChangeGroup, page: PageEditor): void {
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
    const left = this.#edit(change, childAt(parent, isLast ? index - 1 : index));
    const right = this.#page(childAt(parent, isLast ? index : index + 1));
    if (!mergeFits(left, right, this.#op.store.params)) return;
    absorb(parent, left, right);
    change.freeUnder(this.#tree, pageIdOf(right));
    this.#relinkRight(change, left);
    this.#mergeUp(change, parent);
  }

  #shrinkRoot(change: ChangeGroup, root: PageEditor): void {
    const child = onlyChildOf(root);
    if (child === null) return;
    setRoot(this.#edit(change, META_PAGE), child);
    change.freeUnder(this.#tree, pageIdOf(root));
  }

  #relinkRight(change: ChangeGroup, page: PageView): void {
    const next = rightOf(page);
    if (next !== NO_PAGE) setLeft(this.#edit(change, next), pageIdOf(page));
  }

  #page(id: PageId): PageView {
    assert(this.#tree.isHeld, "the tree is touched only under its latch");
    return this.#op.store.memory.frame(id);
  }

  #edit(change: ChangeGroup, id: PageId): PageEditor {
    return change.editUnder(this.#tree, id);
  }
}
