import {
  HALF_DEAD_FLAG,
  levelOf,
  NO_PAGE,
  type PageEditor,
  type PageId,
  pageIdOf,
  type PageView,
  setFlag,
  setRight,
} from "../storage/index.ts";
import type { ChangeGroup } from "./change-group.ts";
import { formatPage } from "./format-page.ts";
import type { TreeParameters } from "./limits.ts";
import { setRoot } from "./meta-page.ts";
import { insertChild, removeEntry } from "./node-edit.ts";
import { mergeFits, mergeInto } from "./node-merge.ts";
import { childAt, indexOfChild } from "./node-read.ts";
import { splitPage } from "./node-split.ts";
import type { WriteHandle } from "./page-handle.ts";
import { countOf, isLeaf } from "./page-layout.ts";
import { tellMerge, tellRoot, tellSplit } from "./tell-change.ts";

// The changes of the tree's structure, each on pages that are exclusively held: nothing here waits.

/** A page that was split: its new right half and the separator between the two. */
export interface Half {
  readonly right: WriteHandle;
  readonly separator: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Splits a page for an entry of this key and value length, into a page just allocated. The parent,
 * the entry itself and the far neighbour's left link are the caller's.
 */
export function split(
  change: ChangeGroup,
  page: WriteHandle,
  params: TreeParameters,
  key: Uint8Array,
  valueLength: number,
): Half {
  const right = change.allocate();
  const incoming = { key, valueLength };
  const left = change.edit(page);
  const separator = splitPage(left, change.edit(right), right.pageId, params, incoming);
  tellSplit(change, page.pageId, separator, right.pageId);
  return { right, separator };
}

/** Puts a new root over the old one and its new right half. */
export function growRoot(
  change: ChangeGroup,
  meta: WriteHandle,
  left: WriteHandle,
  separator: Uint8Array,
  right: PageId,
): void {
  const root = change.allocate();
  const page = change.edit(root);
  const ends = { low: NO_BYTES, high: null, left: NO_PAGE, right: NO_PAGE };
  formatPage(page, { id: root.pageId, level: levelOf(left) + 1, ...ends });
  insertChild(page, NO_BYTES, left.pageId);
  insertChild(page, separator, right);
  setRoot(change.edit(meta), root.pageId);
  tellRoot(change, root.pageId);
}

/** Makes the only child of a root the root, and frees the page above it; else does nothing. */
export function shrinkRoot(change: ChangeGroup, meta: WriteHandle, root: WriteHandle): void {
  if (isLeaf(root) || countOf(root) !== 1) return;
  setRoot(change.edit(meta), childAt(root, 0));
  tellRoot(change, childAt(root, 0));
  change.free(root);
}

/**
 * Moves a page into its left sibling and frees it, if both fit into one.
 *
 * @returns the left page, whose right neighbour needs a new left link, or null if they do not fit.
 */
export function mergeIfFits(
  change: ChangeGroup,
  parent: WriteHandle,
  left: WriteHandle,
  right: WriteHandle,
  params: TreeParameters,
): WriteHandle | null {
  if (!mergeFits(left, right, params)) return null;
  absorb(change.edit(parent), change.edit(left), right);
  tellMerge(change, right.pageId, left.pageId);
  change.free(right);
  return left;
}

/**
 * Moves a page's entries into its left sibling, takes its downlink out of their parent, and leaves
 * it half dead: still between its siblings, and with a left link that leads to what it held.
 */
export function mergeHalfway(
  change: ChangeGroup,
  parent: WriteHandle,
  left: WriteHandle,
  right: WriteHandle,
): void {
  absorb(change.edit(parent), change.edit(left), right);
  setRight(change.edit(left), right.pageId);
  setFlag(change.edit(right), HALF_DEAD_FLAG, true);
  tellMerge(change, right.pageId, left.pageId);
}

/** Moves a page's entries into its left sibling and takes its downlink out of their parent. */
export function absorb(parent: PageEditor, left: PageEditor, right: PageView): void {
  const index = indexOfChild(parent, pageIdOf(right));
  mergeInto(left, right);
  removeEntry(parent, index);
}
