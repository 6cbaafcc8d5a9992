import { leftOf, NO_PAGE, type PageView, rightOf } from "../storage/index.ts";
import {
  INNER_CELL_BYTES,
  LEAF_CELL_BYTES,
  maxEntryBytes,
  maxKeyBytes,
  SLOT_BYTES,
  type TreeParameters,
} from "./limits.ts";
import {
  bodyBytesOf,
  cellBytesAt,
  countOf,
  freeBytesOf,
  isLeaf,
  prefixLengthOf,
  usedBytesOf,
} from "./page-layout.ts";
import { valueLengthAt } from "./node-read.ts";

// What fits, what is safe, what is too empty: the contract between pages and latch protocols. A
// protocol that crabs releases the ancestors of a page exactly when one of these says "safe".

/**
 * Bytes that an entry with such a key would take in this page. An inner page ignores the value.
 * Requires: the key is inside the page's fences.
 */
export function entryBytes(page: PageView, keyLength: number, valueLength: number): number {
  const suffix = keyLength - prefixLengthOf(page);
  if (isLeaf(page)) return SLOT_BYTES + LEAF_CELL_BYTES + suffix + valueLength;
  return SLOT_BYTES + INNER_CELL_BYTES + suffix;
}

/** Whether one more entry with such a key and value can be inserted; exact. O(1). */
export function hasRoomFor(
  page: PageView,
  params: TreeParameters,
  keyLength: number,
  valueLength: number,
): boolean {
  if (params.mostEntries !== 0 && countOf(page) >= params.mostEntries) return false;
  return entryBytes(page, keyLength, valueLength) <= freeBytesOf(page);
}

/** Whether value `index` can be replaced by one of `valueLength` bytes; exact. O(1). */
export function hasRoomToReplace(page: PageView, index: number, valueLength: number): boolean {
  return valueLength <= freeBytesOf(page) + valueLengthAt(page, index);
}

/**
 * Whether an insert below or in this page certainly leaves the page in one piece.
 *
 * A leaf is asked about the entry itself. An inner page is asked about the separator that a split
 * below might send up, which may be as long as keys get.
 */
export function isSafeForInsert(
  page: PageView,
  params: TreeParameters,
  keyLength: number,
  valueLength: number,
): boolean {
  if (isLeaf(page)) return hasRoomFor(page, params, keyLength, valueLength);
  return hasRoomFor(page, params, maxKeyBytes(params), 0);
}

/**
 * Whether the page should be merged with a neighbour: it is empty, or an inner page that no
 * longer chooses, or both its bytes and its entries are below a quarter of what it can hold.
 */
export function isUnderfull(page: PageView, params: TreeParameters): boolean {
  return isTooEmpty(page, params, countOf(page), usedBytesOf(page));
}

/**
 * Whether removing any one entry certainly leaves the page without need of a merge. A root is never
 * merged; it only must not be left with a single child, as the tree would lose a level.
 */
export function isSafeForDelete(page: PageView, params: TreeParameters, isRoot: boolean): boolean {
  const count = countOf(page);
  if (isRoot) return isLeaf(page) || count > 2;
  if (count === 0) return false;
  const used = usedBytesOf(page);
  // Most pages are far from the edge, which the largest entry there can be shows at once.
  if (!isTooEmpty(page, params, count - 1, used - maxEntryBytes(params))) return true;
  if (isTooEmpty(page, params, count - 1, used)) return false;
  return !isTooEmpty(page, params, count - 1, used - largestEntryBytes(page));
}

/**
 * Whether a leaf is the root: it has no siblings, since every root above leaves has two children or
 * more. Requires: no other task changes its links.
 */
export function isRootLeaf(leaf: PageView): boolean {
  return leftOf(leaf) === NO_PAGE && rightOf(leaf) === NO_PAGE;
}

function isTooEmpty(
  page: PageView,
  params: TreeParameters,
  count: number,
  usedBytes: number,
): boolean {
  if (count === 0 || (count < 2 && !isLeaf(page))) return true;
  const enoughEntries = params.mostEntries !== 0 && count * 4 >= params.mostEntries;
  return !enoughEntries && usedBytes * 4 < bodyBytesOf(page);
}

function largestEntryBytes(page: PageView): number {
  const count = countOf(page);
  let largest = 0;
  for (let index = 0; index < count; index++) {
    const bytes = cellBytesAt(page, index);
    if (bytes > largest) largest = bytes;
  }
  return largest + SLOT_BYTES;
}
