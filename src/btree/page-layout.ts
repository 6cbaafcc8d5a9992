import {
  HEADER_BYTES,
  HIGH_IS_INFINITE_FLAG,
  hasFlag,
  levelOf,
  type PageEditor,
  type PageView,
} from "../storage/index.ts";
import { INNER_CELL_BYTES, LEAF_CELL_BYTES, SLOT_BYTES } from "./limits.ts";

// Where things are in a tree page, and nothing about what they mean. From the front: header, slots,
// free gap; from the back: low fence, high fence, cells. docs/page-format.md draws it.

const LEVEL_AT = 16;
const COUNT_AT = 18;
const PREFIX_LENGTH_AT = 32;
const LOW_LENGTH_AT = 34;
const HIGH_LENGTH_AT = 36;
const CELL_START_AT = 38;
const DEAD_BYTES_AT = 40;

// The functions whose names end in `In` find a page at an offset of a view; see PageSpot.

export function levelIn(view: DataView, at: number): number {
  return view.getUint8(at + LEVEL_AT);
}

export function countIn(view: DataView, at: number): number {
  return view.getUint16(at + COUNT_AT, true);
}

export function prefixLengthIn(view: DataView, at: number): number {
  return view.getUint16(at + PREFIX_LENGTH_AT, true);
}

/** Bytes of the low fence, which ends where the page does. */
export function lowLengthIn(view: DataView, at: number): number {
  return view.getUint16(at + LOW_LENGTH_AT, true);
}

/** Bytes of the high fence, which ends where the low fence begins. */
export function highLengthIn(view: DataView, at: number): number {
  return view.getUint16(at + HIGH_LENGTH_AT, true);
}

/** Where in the view cell `index` is. */
export function cellIn(view: DataView, at: number, index: number): number {
  return at + view.getUint16(at + slotAt(index), true);
}

export function suffixLengthIn(view: DataView, at: number, index: number): number {
  return view.getUint16(at + slotAt(index) + 2, true);
}

/** How many entries the page holds. */
export function countOf(page: PageView): number {
  return page.view.getUint16(COUNT_AT, true);
}

/** Whether the page holds an entry `index`; what `find` gives for an absent key is none. */
export function hasEntry(page: PageView, index: number): boolean {
  return index >= 0 && index < countOf(page);
}

export function setCount(page: PageEditor, count: number): void {
  page.view.setUint16(COUNT_AT, count, true);
}

/** Whether the page holds values, not children. */
export function isLeaf(page: PageView): boolean {
  return levelOf(page) === 0;
}

/** How many first bytes all keys of the page share and leave out. */
export function prefixLengthOf(page: PageView): number {
  return page.view.getUint16(PREFIX_LENGTH_AT, true);
}

export function lowLengthOf(page: PageView): number {
  return page.view.getUint16(LOW_LENGTH_AT, true);
}

export function highLengthOf(page: PageView): number {
  return page.view.getUint16(HIGH_LENGTH_AT, true);
}

/** Where the low fence begins; it runs to the end of the page, and the prefix begins there too. */
export function lowFenceAt(page: PageView): number {
  return page.bytes.length - lowLengthOf(page);
}

/** Where the high fence begins; cells end there. */
export function highFenceAt(page: PageView): number {
  return page.bytes.length - lowLengthOf(page) - highLengthOf(page);
}

/** Whether the page has no upper bound. */
export function hasInfiniteHigh(page: PageView): boolean {
  return hasFlag(page, HIGH_IS_INFINITE_FLAG);
}

export function setFenceLengths(page: PageEditor, prefix: number, low: number, high: number): void {
  page.view.setUint16(PREFIX_LENGTH_AT, prefix, true);
  page.view.setUint16(LOW_LENGTH_AT, low, true);
  page.view.setUint16(HIGH_LENGTH_AT, high, true);
}

/** Where the lowest cell begins, or the high fence if there is no cell. */
export function cellStartOf(page: PageView): number {
  return page.view.getUint16(CELL_START_AT, true);
}

export function setCellStart(page: PageEditor, at: number): void {
  page.view.setUint16(CELL_START_AT, at, true);
}

/** Bytes between the lowest cell and the high fence that no cell uses. */
export function deadBytesOf(page: PageView): number {
  return page.view.getUint16(DEAD_BYTES_AT, true);
}

export function setDeadBytes(page: PageEditor, bytes: number): void {
  page.view.setUint16(DEAD_BYTES_AT, bytes, true);
}

/** Where slot `index` begins; with the page's count, where the free gap begins. */
export function slotAt(index: number): number {
  return HEADER_BYTES + index * SLOT_BYTES;
}

export function cellAt(page: PageView, index: number): number {
  return page.view.getUint16(slotAt(index), true);
}

export function suffixLengthAt(page: PageView, index: number): number {
  return page.view.getUint16(slotAt(index) + 2, true);
}

/** The first four bytes of the key's suffix; see headOfKey. */
export function headAt(view: DataView, index: number): number {
  return view.getUint32(slotAt(index) + 4, true);
}

export function writeSlot(
  page: PageEditor,
  index: number,
  cell: number,
  suffixLength: number,
  head: number,
): void {
  const at = slotAt(index);
  page.view.setUint16(at, cell, true);
  page.view.setUint16(at + 2, suffixLength, true);
  page.view.setUint32(at + 4, head, true);
}

/** Bytes before the key's suffix in each cell of the page. */
export function cellHeaderBytes(page: PageView): number {
  return levelOf(page) === 0 ? LEAF_CELL_BYTES : INNER_CELL_BYTES;
}

/** Bytes of the cell of entry `index`. */
export function cellBytesAt(page: PageView, index: number): number {
  const suffix = suffixLengthAt(page, index);
  if (levelOf(page) !== 0) return INNER_CELL_BYTES + suffix;
  return LEAF_CELL_BYTES + suffix + page.view.getUint16(cellAt(page, index), true);
}

/** Bytes for slots and cells together: all but the header and the fences. */
export function bodyBytesOf(page: PageView): number {
  return highFenceAt(page) - HEADER_BYTES;
}

/** Bytes that slots and cells use. */
export function usedBytesOf(page: PageView): number {
  const cells = highFenceAt(page) - cellStartOf(page) - deadBytesOf(page);
  return cells + countOf(page) * SLOT_BYTES;
}

/** Bytes left for slots and cells, after compaction. */
export function freeBytesOf(page: PageView): number {
  return bodyBytesOf(page) - usedBytesOf(page);
}
