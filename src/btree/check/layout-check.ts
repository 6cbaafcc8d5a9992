import { HEADER_BYTES, HIGHEST_LEVEL, levelOf, type PageView } from "../../storage/index.ts";
import { compareRanges, headOfRange } from "../bytes.ts";
import {
  INNER_CELL_BYTES,
  LEAF_CELL_BYTES,
  largestEntryOfPage,
  longestKeyOfPage,
  SLOT_BYTES,
} from "../limits.ts";
import {
  cellAt,
  cellStartOf,
  countOf,
  deadBytesOf,
  hasInfiniteHigh,
  headAt,
  highFenceAt,
  highLengthOf,
  isLeaf,
  lowFenceAt,
  lowLengthOf,
  prefixLengthOf,
  slotAt,
  suffixLengthAt,
} from "../page-layout.ts";

// Each check gives the first thing that is wrong, or "". They read any bytes at all and never
// throw: nothing is read at a place that has not been checked to be inside the page.

/** Whether the bytes of a page are those of some page of a tree, so that it can be read. */
export function isReadable(page: PageView): boolean {
  return levelOf(page) <= HIGHEST_LEVEL && layoutProblem(page) === "";
}

/** Checks that header, slots, cells and fences are where they say and fill the page. */
export function layoutProblem(page: PageView): string {
  const problem = fenceProblem(page);
  if (problem !== "") return problem;
  const cellsEnd = highFenceAt(page);
  const start = cellStartOf(page);
  const count = countOf(page);
  if (start > cellsEnd) return "the cell area begins behind its end";
  if (slotAt(count) > start) return "slots and cells overlap";
  const leaf = isLeaf(page);
  const header = leaf ? LEAF_CELL_BYTES : INNER_CELL_BYTES;
  const most = largestEntryOfPage(page.bytes.length) - SLOT_BYTES - prefixLengthOf(page);
  let live = 0;
  for (let index = 0; index < count; index++) {
    const cell = cellAt(page, index);
    const suffix = suffixLengthAt(page, index);
    if (cell < start || cell + header + suffix > cellsEnd) return cellOutside(index);
    const bytes = header + suffix + (leaf ? page.view.getUint16(cell, true) : 0);
    if (cell + bytes > cellsEnd) return cellOutside(index);
    if (bytes > most) return `entry ${index} is larger than an entry may be`;
    if (headAt(page.view, index) !== headOfRange(page.view, cell + header, suffix)) {
      return `the head of key ${index} is not how the key begins`;
    }
    live += bytes;
  }
  if (live + deadBytesOf(page) !== cellsEnd - start) return deadBytesWrong(page, live);
  return "";
}

/** Checks that keys ascend and are inside the fences. Requires: the layout is right. */
export function contentProblem(page: PageView): string {
  const count = countOf(page);
  if (count === 0) return "";
  const view = page.view;
  const leaf = isLeaf(page);
  const header = leaf ? LEAF_CELL_BYTES : INNER_CELL_BYTES;
  const prefix = prefixLengthOf(page);
  let at = cellAt(page, 0) + header;
  let length = suffixLengthAt(page, 0);
  const lowAt = lowFenceAt(page) + prefix;
  const low = compareRanges(view, lowAt, lowLengthOf(page) - prefix, view, at, length);
  if (low > 0) return "key 0 is below the low fence";
  if (low < 0 && !leaf) return "the first separator is not the low fence";
  let head = headAt(page.view, 0);
  for (let index = 1; index < count; index++) {
    const nextAt = cellAt(page, index) + header;
    const nextLength = suffixLengthAt(page, index);
    const nextHead = headAt(page.view, index);
    if (
      head > nextHead ||
      (head === nextHead && compareRanges(view, at, length, view, nextAt, nextLength) >= 0)
    ) {
      return `key ${index - 1} is not below key ${index}`;
    }
    at = nextAt;
    length = nextLength;
    head = nextHead;
  }
  if (hasInfiniteHigh(page)) return "";
  const highAt = highFenceAt(page) + prefix;
  const high = compareRanges(view, at, length, view, highAt, highLengthOf(page) - prefix);
  return high < 0 ? "" : `key ${count - 1} is not below the high fence`;
}

function fenceProblem(page: PageView): string {
  const low = lowLengthOf(page);
  const high = highLengthOf(page);
  const size = page.bytes.length;
  const most = longestKeyOfPage(size);
  if (low > most || high > most) return "a fence is longer than a key may be";
  if (low + high > size - HEADER_BYTES) return "the fences do not fit the page";
  const prefix = prefixLengthOf(page);
  if (hasInfiniteHigh(page)) {
    if (high > 0) return "the high fence is both infinite and there";
    return prefix === 0 ? "" : "there is a prefix, but no high fence to share it";
  }
  const view = page.view;
  const lowAt = lowFenceAt(page);
  const highAt = highFenceAt(page);
  const shorter = low < high ? low : high;
  let shared = 0;
  while (shared < shorter && view.getUint8(lowAt + shared) === view.getUint8(highAt + shared)) {
    shared++;
  }
  if (prefix !== shared)
    return `the prefix is ${prefix} bytes long, but the fences share ${shared}`;
  const order = compareRanges(view, lowAt, low, view, highAt, high);
  return order < 0 ? "" : "the low fence is not below the high fence";
}

function cellOutside(index: number): string {
  return `cell ${index} is outside the cell area`;
}

function deadBytesWrong(page: PageView, live: number): string {
  const dead = highFenceAt(page) - cellStartOf(page) - live;
  return `there are ${dead} dead bytes, not ${deadBytesOf(page)}`;
}
