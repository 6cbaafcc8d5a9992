import { pageId, type PageId, type PageView } from "../storage/index.ts";
import { noEntry, wrongKind } from "./broken-page.ts";
import { copyOut } from "./bytes.ts";
import { LEAF_CELL_BYTES } from "./limits.ts";
import {
  cellAt,
  cellHeaderBytes,
  countOf,
  hasInfiniteHigh,
  highFenceAt,
  highLengthOf,
  isLeaf,
  lowFenceAt,
  lowLengthOf,
  prefixLengthOf,
  suffixLengthAt,
  hasEntry,
} from "./page-layout.ts";

/** Bytes of key `index`, its prefix included. */
export function keyLengthAt(page: PageView, index: number): number {
  return prefixLengthOf(page) + suffixLengthAt(page, index);
}

/**
 * Copies key `index`, prefix and suffix, to `target` at `at`, and gives its length.
 *
 * Requires: room for it. Allocates nothing for suffixes of up to 64 bytes.
 */
export function readKeyInto(page: PageView, index: number, target: Uint8Array, at: number): number {
  if (!hasEntry(page, index)) noEntry(page, index);
  const prefix = prefixLengthOf(page);
  const suffix = suffixLengthAt(page, index);
  const suffixAt = cellAt(page, index) + cellHeaderBytes(page);
  copyOut(page.bytes, lowFenceAt(page), prefix, target, at);
  copyOut(page.bytes, suffixAt, suffix, target, at + prefix);
  return prefix + suffix;
}

/** A fresh copy of key `index`. */
export function copyKey(page: PageView, index: number): Uint8Array {
  const key = new Uint8Array(keyLengthAt(page, index));
  readKeyInto(page, index, key, 0);
  return key;
}

/** Bytes of a key of the page on the average, rounded up; 0 if it has none. O(n). */
export function averageKeyLength(page: PageView): number {
  const count = countOf(page);
  let bytes = 0;
  for (let index = 0; index < count; index++) bytes += keyLengthAt(page, index);
  return count === 0 ? 0 : Math.ceil(bytes / count);
}

/** Bytes of the longest key of the page; 0 if it has none. O(n). */
export function longestKeyLength(page: PageView): number {
  const count = countOf(page);
  let longest = 0;
  for (let index = 0; index < count; index++) {
    longest = Math.max(longest, keyLengthAt(page, index));
  }
  return longest;
}

/** Bytes of value `index`. Requires: a leaf. */
export function valueLengthAt(page: PageView, index: number): number {
  if (!hasEntry(page, index)) noEntry(page, index);
  return page.view.getUint16(cellAt(page, index), true);
}

function valueAt(page: PageView, index: number): number {
  return cellAt(page, index) + LEAF_CELL_BYTES + suffixLengthAt(page, index);
}

/** Copies value `index` to `target` at `at`, and gives its length. Requires: a leaf; room. */
export function readValueInto(
  page: PageView,
  index: number,
  target: Uint8Array,
  at: number,
): number {
  const length = valueLengthAt(page, index);
  copyOut(page.bytes, valueAt(page, index), length, target, at);
  return length;
}

/** A fresh copy of value `index`. Requires: a leaf. */
export function copyValue(page: PageView, index: number): Uint8Array {
  if (!isLeaf(page)) wrongKind(page, "only leaves hold values");
  const length = valueLengthAt(page, index);
  const at = valueAt(page, index);
  return page.bytes.slice(at, at + length);
}

/** Child `index`. Requires: an inner page with such an entry. */
export function childAt(page: PageView, index: number): PageId {
  if (!hasEntry(page, index)) noEntry(page, index);
  return pageId(page.view.getUint32(cellAt(page, index), true));
}

/** The index of the entry that points to `child`, or -1. O(n): the children are in key order. */
export function indexOfChild(page: PageView, child: PageId): number {
  const count = countOf(page);
  for (let index = 0; index < count; index++) {
    if (page.view.getUint32(cellAt(page, index), true) === child) return index;
  }
  return -1;
}

/** A fresh copy of the low fence: the least key the page may hold; empty at the far left. */
export function copyLowFence(page: PageView): Uint8Array {
  const at = lowFenceAt(page);
  return page.bytes.slice(at, at + lowLengthOf(page));
}

/** A fresh copy of the high fence, which all keys of the page are below; null if there is none. */
export function copyHighFence(page: PageView): Uint8Array | null {
  if (hasInfiniteHigh(page)) return null;
  const at = highFenceAt(page);
  return page.bytes.slice(at, at + highLengthOf(page));
}
