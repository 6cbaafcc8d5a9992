import type { PageView } from "../storage/index.ts";
import { noEntry } from "./broken-page.ts";
import { byteAt, compareRange, headOfKey } from "./bytes.ts";
import {
  cellAt,
  cellHeaderBytes,
  countOf,
  hasInfiniteHigh,
  headAt,
  highFenceAt,
  highLengthOf,
  lowFenceAt,
  lowLengthOf,
  prefixLengthOf,
  suffixLengthAt,
  hasEntry,
} from "./page-layout.ts";

// Searches take any key, inside the page's fences or not, and allocate nothing. They look the view
// of the page up once: there are several classes of pages, and to tell them apart takes time.

/**
 * Looks for `key` by halving: its index, or `~index` of the first key above it.
 *
 * Most steps compare one number out of the slot and touch no cell. O(log n).
 */
export function search(page: PageView, key: Uint8Array): number {
  const { view } = page;
  const count = countOf(page);
  const prefix = prefixLengthOf(page);
  if (prefix > 0) {
    const order = comparePrefix(page, prefix, key);
    if (order !== 0) return order > 0 ? ~0 : ~count;
  }
  const head = headOfKey(key, prefix);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const middleHead = headAt(view, middle);
    let order = middleHead < head ? -1 : 1;
    if (middleHead === head) {
      order = compareTail(page, middle, key, prefix);
      if (order === 0) return middle;
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return ~low;
}

/** The first entry whose key is not below `key`; the page's count if there is none. */
export function lowerBound(page: PageView, key: Uint8Array): number {
  const found = search(page, key);
  return found < 0 ? ~found : found;
}

/** The entry of `key`, or -1. */
export function find(page: PageView, key: Uint8Array): number {
  const found = search(page, key);
  return found < 0 ? -1 : found;
}

/** The child that covers `key`: the last whose separator is not above it. Requires: inner page. */
export function childIndexFor(page: PageView, key: Uint8Array): number {
  const found = search(page, key);
  if (found >= 0) return found;
  return ~found > 0 ? ~found - 1 : 0;
}

/** The child that holds the last keys below `bound`, to go backward. Requires: inner page. */
export function childIndexBelow(page: PageView, bound: Uint8Array): number {
  const first = lowerBound(page, bound);
  return first > 0 ? first - 1 : 0;
}

/** Orders key `index` of the page against `key`: <0 when the page's key is below it. */
export function compareKeyAt(page: PageView, index: number, key: Uint8Array): number {
  if (!hasEntry(page, index)) noEntry(page, index);
  const prefix = prefixLengthOf(page);
  const order = comparePrefix(page, prefix, key);
  if (order !== 0) return order;
  const head = headOfKey(key, prefix);
  const pageHead = headAt(page.view, index);
  if (pageHead !== head) return pageHead < head ? -1 : 1;
  return compareTail(page, index, key, prefix);
}

/** Orders the low fence against `key`: not above 0 when the key is not below the page. */
export function compareLowFence(page: PageView, key: Uint8Array): number {
  return compareRange(page.view, lowFenceAt(page), lowLengthOf(page), key, 0);
}

/** Whether `key` is below the page's high fence; if not, it belongs further right. */
export function isBelowHighFence(page: PageView, key: Uint8Array): boolean {
  if (hasInfiniteHigh(page)) return true;
  return compareRange(page.view, highFenceAt(page), highLengthOf(page), key, 0) > 0;
}

/** Whether the page's keys reach up to `bound`, which is not one of them. */
export function reachesTo(page: PageView, bound: Uint8Array): boolean {
  if (hasInfiniteHigh(page)) return true;
  return compareRange(page.view, highFenceAt(page), highLengthOf(page), bound, 0) >= 0;
}

/** Whether `key` is between the page's fences. */
export function covers(page: PageView, key: Uint8Array): boolean {
  return compareLowFence(page, key) <= 0 && isBelowHighFence(page, key);
}

/** 0 if `key` begins with the page's prefix; else >0 if it is below all its keys, <0 if above. */
function comparePrefix(page: PageView, prefix: number, key: Uint8Array): number {
  const { view } = page;
  const at = lowFenceAt(page);
  const shorter = prefix < key.length ? prefix : key.length;
  for (let i = 0; i < shorter; i++) {
    const order = view.getUint8(at + i) - byteAt(key, i);
    if (order !== 0) return order;
  }
  return prefix - shorter;
}

/** Orders key `index` against `key` where prefix and head agree. */
function compareTail(page: PageView, index: number, key: Uint8Array, prefix: number): number {
  const length = suffixLengthAt(page, index);
  const keyLength = key.length - prefix;
  // A head is padded with zeros, so where it holds a whole suffix the longer one is above.
  if (length <= 4 || keyLength <= 4) return length - keyLength;
  const at = cellAt(page, index) + cellHeaderBytes(page) + 4;
  return compareRange(page.view, at, length - 4, key, prefix + 4);
}
