import { compareBytes } from "./bytes.ts";
import type { ChangeGroup } from "./change-group.ts";
import { setRoot } from "./meta-page.ts";
import { insertEntry, removeEntry, replaceValue } from "./node-edit.ts";
import { hasRoomFor, hasRoomToReplace } from "./node-fit.ts";
import { mergeFits } from "./node-merge.ts";
import { copyHighFence } from "./node-read.ts";
import { find } from "./node-search.ts";
import { splitPage } from "./node-split.ts";
import type { Operation } from "./operation.ts";
import type { WriteGuard } from "./page-guard.ts";
import { absorb, formatRoot, onlyChildOf } from "./structure-change.ts";

// What protocols with a latch on each page do once they have the latches: nothing here waits.

/** A page that was split: its new right half and the separator between the two. */
export interface Half {
  readonly right: WriteGuard;
  readonly separator: Uint8Array;
}

/** Writes an entry into a leaf that need not split for it; false if it must. */
export function writeInPlace(
  op: Operation,
  change: ChangeGroup,
  leaf: WriteGuard,
  key: Uint8Array,
  value: Uint8Array,
): boolean {
  const index = find(leaf, key);
  if (index >= 0) {
    if (hasRoomToReplace(leaf, index, value.length)) {
      replaceValue(change.edit(leaf), index, value);
      return true;
    }
    removeEntry(change.edit(leaf), index);
  }
  if (!hasRoomFor(leaf, op.store.params, key.length, value.length)) return false;
  insertEntry(change.edit(leaf), key, value);
  return true;
}

/**
 * Splits a page for an entry of this key and value length, into a page just allocated. The parent,
 * the entry itself and the far neighbour's left link are the caller's.
 */
export function split(
  op: Operation,
  change: ChangeGroup,
  page: WriteGuard,
  key: Uint8Array,
  valueLength: number,
): Half {
  const right = change.allocate();
  const incoming = { key, valueLength };
  const separator = splitPage(
    change.edit(page),
    change.edit(right),
    right.pageId,
    op.store.params,
    incoming,
  );
  return { right, separator };
}

/** Puts a new root over the old one and its new right half. Requires: the meta page is latched. */
export function growRoot(
  change: ChangeGroup,
  meta: WriteGuard,
  left: WriteGuard,
  separator: Uint8Array,
  right: WriteGuard,
): void {
  const root = change.allocate();
  formatRoot(change.edit(root), root.pageId, left, separator, right.pageId);
  setRoot(change.edit(meta), root.pageId);
}

/** Makes the only child of a root the root, and frees the page above it; else does nothing. */
export function shrinkRoot(change: ChangeGroup, meta: WriteGuard, root: WriteGuard): void {
  const child = onlyChildOf(root);
  if (child === null) return;
  setRoot(change.edit(meta), child);
  change.free(root);
}

/**
 * Moves a page into its left sibling and frees it, if both fit into one.
 *
 * @returns the left page, whose right neighbour has to be told, or null if they do not fit.
 */
export function mergeIfFits(
  op: Operation,
  change: ChangeGroup,
  parent: WriteGuard,
  left: WriteGuard,
  right: WriteGuard,
): WriteGuard | null {
  if (!mergeFits(left, right, op.store.params)) return null;
  absorb(change.edit(parent), change.edit(left), right);
  change.free(right);
  return left;
}

/** Takes out of a list the pages whose right neighbour begins before that of `page` does. */
export function takeEndingBefore(pages: WriteGuard[], page: WriteGuard): WriteGuard[] {
  if (pages.length === 0) return pages;
  const end = copyHighFence(page);
  const isBefore = (other: WriteGuard): boolean => {
    const high = copyHighFence(other);
    return high !== null && (end === null || compareBytes(high, end) < 0);
  };
  const taken = pages.filter(isBefore);
  const kept = pages.filter((other) => !isBefore(other));
  pages.splice(0, pages.length, ...kept);
  return taken;
}

/** Sorts pages, given bottom-up, by the latch order of their right neighbours. */
export function inLatchOrder(pages: readonly WriteGuard[]): readonly WriteGuard[] {
  if (pages.length < 2) return pages;
  const sorted: WriteGuard[] = [];
  for (const page of pages) {
    const high = copyHighFence(page);
    if (high === null) continue;
    let at = sorted.length;
    while (at > 0) {
      const before = sorted[at - 1];
      const beforeHigh = before === undefined ? null : copyHighFence(before);
      if (beforeHigh === null || compareBytes(beforeHigh, high) < 0) break;
      at--;
    }
    sorted.splice(at, 0, page);
  }
  return sorted;
}
