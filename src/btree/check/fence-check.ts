import type { PageView } from "../../storage/index.ts";
import { compareRanges } from "../bytes.ts";
import { INNER_CELL_BYTES } from "../limits.ts";
import {
  cellAt,
  countOf,
  hasInfiniteHigh,
  highFenceAt,
  highLengthOf,
  lowFenceAt,
  lowLengthOf,
  prefixLengthOf,
  suffixLengthAt,
} from "../page-layout.ts";

// Compares fences between pages in place. Requires, everywhere: the layout of both is right.

/** Whether child `index` of `parent` begins where the parent says. */
export function lowFenceAgrees(parent: PageView, index: number, child: PageView): boolean {
  return isKey(parent, index, child, lowFenceAt(child), lowLengthOf(child));
}

/** Whether child `index` of `parent` ends where the parent says. */
export function highFenceAgrees(parent: PageView, index: number, child: PageView): boolean {
  if (index + 1 < countOf(parent)) {
    if (hasInfiniteHigh(child)) return false;
    return isKey(parent, index + 1, child, highFenceAt(child), highLengthOf(child));
  }
  if (hasInfiniteHigh(parent) || hasInfiniteHigh(child)) {
    return hasInfiniteHigh(parent) && hasInfiniteHigh(child);
  }
  const length = highLengthOf(child);
  const at = highFenceAt(child);
  const parentAt = highFenceAt(parent);
  return compareRanges(parent.view, parentAt, highLengthOf(parent), child.view, at, length) === 0;
}

/** Whether `right` begins where `left` ends. */
export function fencesMeet(left: PageView, right: PageView): boolean {
  if (hasInfiniteHigh(left)) return false;
  const length = lowLengthOf(right);
  const at = lowFenceAt(right);
  return (
    compareRanges(left.view, highFenceAt(left), highLengthOf(left), right.view, at, length) === 0
  );
}

/** Whether key `index` of `page` is `length` bytes of `other` at `at`. */
function isKey(
  page: PageView,
  index: number,
  other: PageView,
  at: number,
  length: number,
): boolean {
  const prefix = prefixLengthOf(page);
  const suffix = suffixLengthAt(page, index);
  if (length !== prefix + suffix) return false;
  const cell = cellAt(page, index) + INNER_CELL_BYTES;
  return (
    compareRanges(page.view, cell, suffix, other.view, at + prefix, suffix) === 0 &&
    compareRanges(page.view, lowFenceAt(page), prefix, other.view, at, prefix) === 0
  );
}
