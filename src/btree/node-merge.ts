import {
  hasFlag,
  HEADER_BYTES,
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  pageIdOf,
  type PageEditor,
  type PageView,
  rightOf,
  setRight,
} from "../storage/index.ts";
import { assert, broken } from "../task/assert.ts";
import { appendRange, copyToScratch, resetBody } from "./format-page.ts";
import type { TreeParameters } from "./limits.ts";
import { copyHighFence, copyLowFence } from "./node-read.ts";
import { compareLowFence } from "./node-search.ts";
import {
  countOf,
  hasInfiniteHigh,
  highFenceAt,
  highLengthOf,
  lowFenceAt,
  lowLengthOf,
  prefixLengthOf,
  usedBytesOf,
} from "./page-layout.ts";

/**
 * Whether the entries of two neighbours fit into the left one; exact. The merged page has wider
 * fences, so its prefix may be shorter and its entries longer than the two pages' are.
 *
 * Requires: right is the right sibling of left. O(key length).
 */
export function mergeFits(left: PageView, right: PageView, params: TreeParameters): boolean {
  const entries = countOf(left) + countOf(right);
  if (params.mostEntries !== 0 && entries > params.mostEntries) return false;
  const prefix = mergedPrefixLength(left, right);
  const body = left.bytes.length - HEADER_BYTES - lowLengthOf(left) - highLengthOf(right);
  return usedWithPrefix(left, prefix) + usedWithPrefix(right, prefix) <= body;
}

/**
 * Moves all entries of `right` to the end of `left`, which takes over its high fence and its right
 * link. The caller frees `right`, which stays as it is, removes the parent's entry for it, and sets
 * the left link of the neighbour behind it.
 *
 * Requires: mergeFits; right is left's right sibling; no unfinished split on either.
 */
export function mergeInto(left: PageEditor, right: PageView): void {
  if (rightOf(left) !== pageIdOf(right)) {
    const found = `page ${pageIdOf(right)} to the right of page ${pageIdOf(left)}`;
    broken(
      "a page merges with its right sibling",
      `${found}, whose right link is ${rightOf(left)}`,
    );
  }
  assert(levelOf(left) === levelOf(right), "merging pages are on one level");
  const incomplete = hasFlag(left, INCOMPLETE_SPLIT_FLAG) || hasFlag(right, INCOMPLETE_SPLIT_FLAG);
  assert(!incomplete, "no split of a merging page is unfinished");
  const middle = copyHighFence(left);
  assert(middle !== null && compareLowFence(right, middle) === 0, "the fences of siblings meet");

  left.redo?.whole();
  const low = copyLowFence(left);
  const source = copyToScratch(left);
  resetBody(left, low, copyHighFence(right));
  appendRange(left, source, 0, countOf(source));
  appendRange(left, right, 0, countOf(right));
  setRight(left, rightOf(right));
}

/** Bytes that the page's slots and cells would use with a prefix of `prefix` bytes. */
function usedWithPrefix(page: PageView, prefix: number): number {
  return usedBytesOf(page) + countOf(page) * (prefixLengthOf(page) - prefix);
}

function mergedPrefixLength(left: PageView, right: PageView): number {
  if (hasInfiniteHigh(right)) return 0;
  const lowAt = lowFenceAt(left);
  const highAt = highFenceAt(right);
  // The merged prefix is a prefix of left's, as its high fence is further away.
  const most = Math.min(prefixLengthOf(left), highLengthOf(right));
  let length = 0;
  while (
    length < most &&
    left.view.getUint8(lowAt + length) === right.view.getUint8(highAt + length)
  ) {
    length++;
  }
  return length;
}
