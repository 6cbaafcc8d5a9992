import {
  flagsIn,
  HIGH_IS_INFINITE_FLAG,
  pageId,
  type PageId,
  type PageSpot,
} from "../storage/index.ts";
import { compareRange, headOfKey } from "./bytes.ts";
import { INNER_CELL_BYTES, LEAF_CELL_BYTES } from "./limits.ts";
import {
  cellIn,
  countIn,
  highLengthIn,
  levelIn,
  lowLengthIn,
  prefixLengthIn,
  slotAt,
  suffixLengthIn,
} from "./page-layout.ts";

// Searches of a page for a key that is known to lie between its fences, and so to share its prefix.

/** As `search`. Requires: the key is not below the low fence, and below the high one. O(log n). */
export function searchSpot({ view, at }: PageSpot, key: Uint8Array): number {
  const prefix = prefixLengthIn(view, at);
  const head = headOfKey(key, prefix);
  const heads = at + slotAt(0) + 4;
  let low = 0;
  let high = countIn(view, at);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const middleHead = view.getUint32(heads + middle * 8, true);
    let isBelow = middleHead < head;
    if (middleHead === head) {
      const order = compareTailIn(view, at, middle, key, prefix);
      if (order === 0) return middle;
      isBelow = order < 0;
    }
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return ~low;
}

/** The child of an inner page that covers `key`. Requires: as {@link searchSpot}. */
export function childOfSpot(page: PageSpot, key: Uint8Array): PageId {
  const found = searchSpot(page, key);
  const index = found >= 0 ? found : ~found > 0 ? ~found - 1 : 0;
  return pageId(page.view.getUint32(cellIn(page.view, page.at, index), true));
}

/** Bytes of value `index`. Requires: a leaf with such an entry. */
export function valueLengthOfSpot({ view, at }: PageSpot, index: number): number {
  return view.getUint16(cellIn(view, at, index), true);
}

/** Copies value `index` to the beginning of `target`. Requires: a leaf with such an entry; room. */
export function copyValueOfSpot({ view, at }: PageSpot, index: number, target: DataView): void {
  const cell = cellIn(view, at, index);
  const length = view.getUint16(cell, true);
  const from = cell + LEAF_CELL_BYTES + suffixLengthIn(view, at, index);
  let i = 0;
  for (; i + 4 <= length; i += 4) target.setUint32(i, view.getUint32(from + i, true), true);
  for (; i < length; i++) target.setUint8(i, view.getUint8(from + i));
}

/** Whether `key` lies between the fences of a page of so many bytes. */
export function coversSpot({ view, at }: PageSpot, pageSize: number, key: Uint8Array): boolean {
  const lowLength = lowLengthIn(view, at);
  const low = at + pageSize - lowLength;
  if (compareRange(view, low, lowLength, key, 0) > 0) return false;
  if ((flagsIn(view, at) & HIGH_IS_INFINITE_FLAG) !== 0) return true;
  const highLength = highLengthIn(view, at);
  return compareRange(view, low - highLength, highLength, key, 0) > 0;
}

function compareTailIn(
  view: DataView,
  at: number,
  index: number,
  key: Uint8Array,
  prefix: number,
): number {
  const length = suffixLengthIn(view, at, index);
  const keyLength = key.length - prefix;
  if (length <= 4 || keyLength <= 4) return length - keyLength;
  const header = levelIn(view, at) === 0 ? LEAF_CELL_BYTES : INNER_CELL_BYTES;
  return compareRange(view, cellIn(view, at, index) + header + 4, length - 4, key, prefix + 4);
}
