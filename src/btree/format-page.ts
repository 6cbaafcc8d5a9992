import {
  formatHeader,
  HIGH_IS_INFINITE_FLAG,
  type PageEditor,
  type PageId,
  PageFrame,
  type PageView,
  setFlag,
  setLeft,
  setRight,
} from "../storage/index.ts";
import { assert } from "../task/assert.ts";
import { commonPrefixLength, copyRange, headOfRange, putBytes } from "./bytes.ts";
import {
  cellAt,
  cellBytesAt,
  cellHeaderBytes,
  cellStartOf,
  countOf,
  headAt,
  highFenceAt,
  lowFenceAt,
  prefixLengthOf,
  setCellStart,
  setCount,
  setDeadBytes,
  setFenceLengths,
  slotAt,
  suffixLengthAt,
  writeSlot,
} from "./page-layout.ts";

/** What a new page is. */
export interface PageShape {
  readonly id: PageId;
  /** 0 for a leaf, else one more than the children's. */
  readonly level: number;
  /** The least key the page may hold; empty for all. */
  readonly low: Uint8Array;
  /** What all its keys are below; null for no bound. */
  readonly high: Uint8Array | null;
  readonly left: PageId;
  readonly right: PageId;
}

/** Makes the page an empty tree page. Its LSN and version stay; every other byte is replaced. */
export function formatPage(page: PageEditor, shape: PageShape): void {
  formatHeader(page, shape.id, shape.level);
  setLeft(page, shape.left);
  setRight(page, shape.right);
  resetBody(page, shape.low, shape.high);
}

/**
 * Takes all entries out of the page and gives it new fences, and the prefix that follows from them.
 * Identity, links and the other flags stay.
 */
export function resetBody(page: PageEditor, low: Uint8Array, high: Uint8Array | null): void {
  page.redo?.whole();
  const highLength = high === null ? 0 : high.length;
  const cellsEnd = page.bytes.length - low.length - highLength;
  putBytes(page.bytes, low, page.bytes.length - low.length);
  if (high !== null) putBytes(page.bytes, high, cellsEnd);
  setFlag(page, HIGH_IS_INFINITE_FLAG, high === null);
  setFenceLengths(page, high === null ? 0 : commonPrefixLength(low, high), low.length, highLength);
  setCount(page, 0);
  setCellStart(page, cellsEnd);
  setDeadBytes(page, 0);
}

/**
 * Copies entries `from` to `to` (exclusive) of `source` behind those of `target`, cutting or
 * restoring the part of their keys by which the two prefixes differ.
 *
 * Requires: two pages of one kind; the keys are inside target's fences and above its own.
 */
export function appendRange(target: PageEditor, source: PageView, from: number, to: number): void {
  const kept = prefixLengthOf(target);
  const cut = prefixLengthOf(source);
  const header = cellHeaderBytes(source);
  const prefixAt = lowFenceAt(source) + kept;
  let count = countOf(target);
  let cell = cellStartOf(target);
  for (let index = from; index < to; index++) {
    const suffix = suffixLengthAt(source, index) + cut - kept;
    const sourceCell = cellAt(source, index);
    const sourceBytes = cellBytesAt(source, index);
    cell -= sourceBytes + cut - kept;
    assert(cell >= slotAt(count + 1), "the entries fit the page");
    if (cut === kept) {
      copyRange(target.view, cell, source.view, sourceCell, sourceBytes);
      writeSlot(target, count, cell, suffix, headAt(source.view, index));
    } else {
      copyRange(target.view, cell, source.view, sourceCell, header);
      const restored = cut > kept ? cut - kept : 0;
      copyRange(target.view, cell + header, source.view, prefixAt, restored);
      const skipped = header + (kept > cut ? kept - cut : 0);
      const tailAt = cell + header + restored;
      copyRange(target.view, tailAt, source.view, sourceCell + skipped, sourceBytes - skipped);
      writeSlot(target, count, cell, suffix, headOfRange(target.view, cell + header, suffix));
    }
    count++;
  }
  setCount(target, count);
  setCellStart(target, cell);
}

// One page of scratch for each page size, made when first used. None of the functions that use it
// yields, so no two of them are ever under way in one thread.
const scratchPages = new Map<number, PageFrame>();

/** A copy of the page that stays valid until the next call. */
export function copyToScratch(page: PageView): PageView {
  const size = page.bytes.length;
  let scratch = scratchPages.get(size);
  if (scratch === undefined) {
    scratch = new PageFrame(new ArrayBuffer(size), 0, size);
    scratchPages.set(size, scratch);
  }
  scratch.bytes.set(page.bytes);
  return scratch;
}

/** Moves all cells together at the end of the page, so that the free bytes are in one piece. */
export function compact(page: PageEditor): void {
  const source = copyToScratch(page);
  const count = countOf(page);
  let cell = highFenceAt(page);
  for (let index = 0; index < count; index++) {
    const bytes = cellBytesAt(source, index);
    const sourceCell = cellAt(source, index);
    cell -= bytes;
    copyRange(page.view, cell, source.view, sourceCell, bytes);
    page.view.setUint16(slotAt(index), cell, true);
  }
  assert(cell >= slotAt(count), "cells do not reach the slots");
  setCellStart(page, cell);
  setDeadBytes(page, 0);
}
