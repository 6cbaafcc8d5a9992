import type { PageEditor, PageId } from "../storage/index.ts";
import { assert } from "../task/assert.ts";
import { alreadyThere, noEntry, noRoom, notCovered, wrongKind } from "./broken-page.ts";
import { byteAt, copyOut, headOfKey, moveWithin, putBytes } from "./bytes.ts";
import { compact } from "./format-page.ts";
import { INNER_CELL_BYTES, LEAF_CELL_BYTES, largestEntryOfPage, SLOT_BYTES } from "./limits.ts";
import { entryBytes, hasRoomToReplace } from "./node-fit.ts";
import { keyLengthAt, valueLengthAt } from "./node-read.ts";
import { compareLowFence, covers, search } from "./node-search.ts";
import {
  cellAt,
  cellBytesAt,
  cellStartOf,
  countOf,
  deadBytesOf,
  freeBytesOf,
  headAt,
  highFenceAt,
  isLeaf,
  prefixLengthOf,
  setCellStart,
  setCount,
  setDeadBytes,
  slotAt,
  suffixLengthAt,
  writeSlot,
  hasEntry,
} from "./page-layout.ts";
import {
  REDO_INSERT_CHILD,
  REDO_INSERT_ENTRY,
  REDO_REMOVE_ENTRY,
  REDO_REPLACE_VALUE,
  REDO_SET_CHILD,
} from "./redo-codes.ts";

/**
 * Adds an entry to a leaf and gives its index.
 *
 * Requires: the page covers the key, does not hold it yet, and has room. O(log n) and a move of
 * slots; a page whose free bytes lie scattered is compacted first.
 */
export function insertEntry(page: PageEditor, key: Uint8Array, value: Uint8Array): number {
  const found = search(page, key);
  if (found >= 0) alreadyThere(page, key, "key");
  insertEntryAt(page, ~found, key, value);
  return ~found;
}

/**
 * As {@link insertEntry}, where the place of the key is known.
 *
 * Requires: `index` is what `search` gives as `~index`, and nothing has changed since.
 */
export function insertEntryAt(
  page: PageEditor,
  index: number,
  key: Uint8Array,
  value: Uint8Array,
): void {
  if (!isLeaf(page)) wrongKind(page, "values go into leaves");
  if (!covers(page, key)) notCovered(page, key, "key");
  if (index > countOf(page)) noEntry(page, index);
  const redo = page.redo;
  if (redo?.begin(REDO_INSERT_ENTRY) === true) {
    redo.bytes(key);
    redo.bytes(value);
  }
  const cell = openCell(page, index, key, value.length);
  page.view.setUint16(cell, value.length, true);
  putBytes(page.bytes, value, writeSuffix(page, cell + LEAF_CELL_BYTES, key));
}

/**
 * Adds a child to an inner page and gives its index. The child takes what the entry before it
 * covered from `separator` on.
 *
 * Requires: as insertEntry. The first child of a page is added under the page's own low fence.
 */
export function insertChild(page: PageEditor, separator: Uint8Array, child: PageId): number {
  if (isLeaf(page)) wrongKind(page, "children go into inner pages");
  if (!covers(page, separator)) notCovered(page, separator, "separator");
  const found = search(page, separator);
  if (found >= 0) alreadyThere(page, separator, "separator");
  const index = ~found;
  const isFirst = index === 0;
  assert(!isFirst || compareLowFence(page, separator) === 0, "the first child begins at the fence");
  const redo = page.redo;
  if (redo?.begin(REDO_INSERT_CHILD) === true) {
    redo.bytes(separator);
    redo.u32(child);
  }
  const cell = openCell(page, index, separator, 0);
  page.view.setUint32(cell, child, true);
  writeSuffix(page, cell + INNER_CELL_BYTES, separator);
  return index;
}

/** Points entry `index` of an inner page to another child. */
export function setChild(page: PageEditor, index: number, child: PageId): void {
  if (isLeaf(page)) wrongKind(page, "children are in inner pages");
  if (!hasEntry(page, index)) noEntry(page, index);
  const redo = page.redo;
  if (redo?.begin(REDO_SET_CHILD) === true) {
    redo.u16(index);
    redo.u32(child);
  }
  page.view.setUint32(cellAt(page, index), child, true);
}

/**
 * Removes entry `index`. In an inner page the child before it takes over what it covered, which is
 * why the first one cannot be removed.
 */
export function removeEntry(page: PageEditor, index: number): void {
  if (!hasEntry(page, index)) noEntry(page, index);
  assert(isLeaf(page) || index > 0, "the first child stays");
  const redo = page.redo;
  if (redo?.begin(REDO_REMOVE_ENTRY) === true) redo.u16(index);
  dropEntry(page, index);
}

/**
 * Replaces value `index` of a leaf, in place where it is not longer than the old one.
 *
 * Requires: room, as hasRoomToReplace says. Where there is none, remove the entry, split for the
 * new one, and insert it.
 */
export function replaceValue(page: PageEditor, index: number, value: Uint8Array): void {
  if (!isLeaf(page)) wrongKind(page, "values are in leaves");
  if (!hasEntry(page, index)) noEntry(page, index);
  if (!hasRoomToReplace(page, index, value.length)) {
    noRoom(page, value.length - valueLengthAt(page, index), freeBytesOf(page), "value");
  }
  const whole = entryBytes(page, keyLengthAt(page, index), value.length) + prefixLengthOf(page);
  assert(whole <= largestEntryOfPage(page.bytes.length), "an entry is small enough for one split");
  const redo = page.redo;
  if (redo?.begin(REDO_REPLACE_VALUE) === true) {
    redo.u16(index);
    redo.bytes(value);
  }
  const grown = value.length - valueLengthAt(page, index);
  const suffix = suffixLengthAt(page, index);
  let cell = cellAt(page, index);
  if (grown <= 0) setDeadBytes(page, deadBytesOf(page) - grown);
  else cell = moveCell(page, index, LEAF_CELL_BYTES + suffix + value.length);
  page.view.setUint16(cell, value.length, true);
  putBytes(page.bytes, value, cell + LEAF_CELL_BYTES + suffix);
}

// Longer than any suffix: an eighth of the largest page.
const suffixScratch = new Uint8Array(4096);

/** Gives entry `index` a new cell of `bytes` bytes, with the suffix in it and nothing else. */
function moveCell(page: PageEditor, index: number, bytes: number): number {
  const suffix = suffixLengthAt(page, index);
  const head = headAt(page.view, index);
  copyOut(page.bytes, cellAt(page, index) + LEAF_CELL_BYTES, suffix, suffixScratch, 0);
  dropEntry(page, index);
  const cell = takeCell(page, bytes);
  openSlot(page, index, cell, suffix, head);
  for (let i = 0; i < suffix; i++) {
    page.view.setUint8(cell + LEAF_CELL_BYTES + i, byteAt(suffixScratch, i));
  }
  return cell;
}

/** Makes room for an entry at `index`, and gives the place of its cell. */
function openCell(page: PageEditor, index: number, key: Uint8Array, valueLength: number): number {
  const prefix = prefixLengthOf(page);
  const most = largestEntryOfPage(page.bytes.length);
  assert(
    entryBytes(page, key.length, valueLength) + prefix <= most,
    "an entry is small enough for one split to make room for it",
  );
  const cell = takeCell(page, entryBytes(page, key.length, valueLength) - SLOT_BYTES);
  openSlot(page, index, cell, key.length - prefix, headOfKey(key, prefix));
  return cell;
}

/** Takes `bytes` bytes for a cell, leaving room for its slot. */
function takeCell(page: PageEditor, bytes: number): number {
  const free = freeBytesOf(page);
  if (bytes + SLOT_BYTES > free) noRoom(page, bytes + SLOT_BYTES, free, "entry");
  const gapStart = slotAt(countOf(page));
  if (cellStartOf(page) - gapStart < bytes + SLOT_BYTES) compact(page);
  const cell = cellStartOf(page) - bytes;
  setCellStart(page, cell);
  return cell;
}

function openSlot(
  page: PageEditor,
  index: number,
  cell: number,
  suffix: number,
  head: number,
): void {
  const count = countOf(page);
  moveWithin(page.bytes, slotAt(index + 1), slotAt(index), slotAt(count));
  setCount(page, count + 1);
  writeSlot(page, index, cell, suffix, head);
}

function dropEntry(page: PageEditor, index: number): void {
  const count = countOf(page);
  const cell = cellAt(page, index);
  const bytes = cellBytesAt(page, index);
  const start = cellStartOf(page);
  if (count === 1) {
    setCellStart(page, highFenceAt(page));
    setDeadBytes(page, 0);
  } else if (cell === start) {
    setCellStart(page, start + bytes);
  } else {
    setDeadBytes(page, deadBytesOf(page) + bytes);
  }
  moveWithin(page.bytes, slotAt(index), slotAt(index + 1), slotAt(count));
  setCount(page, count - 1);
}

/** Writes the key without the page's prefix, and gives the place behind it. */
function writeSuffix(page: PageEditor, at: number, key: Uint8Array): number {
  const prefix = prefixLengthOf(page);
  for (let i = prefix; i < key.length; i++) page.view.setUint8(at + i - prefix, byteAt(key, i));
  return at + key.length - prefix;
}
