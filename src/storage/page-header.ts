import { lsn, type Lsn, type PageId } from "./ids.ts";
import { REDO_SET_FLAGS, REDO_SET_LEFT, REDO_SET_RIGHT } from "./page-redo.ts";
import type { PageEditor, PageView } from "./page-view.ts";

// The first 48 bytes of every page. All numbers are little-endian. The fields from 32 on belong to
// the room above (see btree/page-layout.ts). docs/page-format.md has the whole table.

/** Bytes of the header of every page. */
export const HEADER_BYTES = 48;

const CHECKSUM_AT = 0;
const PAGE_ID_AT = 4;
const LSN_LOW_AT = 8;
const LSN_HIGH_AT = 12;
const LEVEL_AT = 16;
const FLAGS_AT = 17;
const LEFT_AT = 20;
const RIGHT_AT = 24;
const VERSION_AT = 28;

/** The `level` of the meta page. */
export const META_LEVEL = 255;
/** The `level` of the space page. */
export const SPACE_LEVEL = 254;
/** The highest level a tree page can have; levels above it mark pages that are not tree pages. */
export const HIGHEST_LEVEL = 253;

/** The page has lost its downlink and waits to be unlinked from its siblings. */
export const HALF_DEAD_FLAG: number = 1 << 1;
/** The page has been split, but its parent does not know its right sibling yet. */
export const INCOMPLETE_SPLIT_FLAG: number = 1 << 2;
/** The page has no upper bound; its high fence is empty. */
export const HIGH_IS_INFINITE_FLAG: number = 1 << 3;

/**
 * No pointer leads to the page any more; an operation that still comes to it has to look elsewhere.
 */
export const UNLINKED_FLAG: number = 1 << 0;

const TWO_TO_32 = 2 ** 32;

/** The checksum of the stored page; 0 in memory, where nothing computes it. */
export function checksumOf(page: PageView): number {
  return page.view.getUint32(CHECKSUM_AT, true);
}

export function setChecksum(page: PageEditor, checksum: number): void {
  page.view.setUint32(CHECKSUM_AT, checksum, true);
}

/** The page's own number, which distinguishes a misplaced page from the right one. */
export function pageIdOf(page: PageView): PageId {
  return page.view.getUint32(PAGE_ID_AT, true) as PageId;
}

export function setPageId(page: PageEditor, id: PageId): void {
  page.redo?.whole();
  page.view.setUint32(PAGE_ID_AT, id, true);
}

/** The position of the last log record that changed this page. */
export function lsnOf(page: PageView): Lsn {
  const high = page.view.getUint32(LSN_HIGH_AT, true);
  return lsn(high * TWO_TO_32 + page.view.getUint32(LSN_LOW_AT, true));
}

/** As {@link lsnOf}, of a page at an offset of a view. */
export function lsnIn(view: DataView, at: number): Lsn {
  const high = view.getUint32(at + LSN_HIGH_AT, true);
  return lsn(high * TWO_TO_32 + view.getUint32(at + LSN_LOW_AT, true));
}

export function setLsn(page: PageEditor, position: Lsn): void {
  page.view.setUint32(LSN_LOW_AT, position % TWO_TO_32, true);
  page.view.setUint32(LSN_HIGH_AT, Math.floor(position / TWO_TO_32), true);
}

/** How far the page is above the leaves; 0 is a leaf. */
export function levelOf(page: PageView): number {
  return page.view.getUint8(LEVEL_AT);
}

export function setLevel(page: PageEditor, level: number): void {
  page.redo?.whole();
  page.view.setUint8(LEVEL_AT, level);
}

/** All flags at once. */
export function flagsOf(page: PageView): number {
  return page.view.getUint8(FLAGS_AT);
}

/** As {@link flagsOf}, of a page at an offset of a view. */
export function flagsIn(view: DataView, at: number): number {
  return view.getUint8(at + FLAGS_AT);
}

export function setFlags(page: PageEditor, flags: number): void {
  const redo = page.redo;
  if (redo?.begin(REDO_SET_FLAGS) === true) redo.u8(flags);
  page.view.setUint8(FLAGS_AT, flags);
}

/** Whether any bit of `flag` is set. */
export function hasFlag(page: PageView, flag: number): boolean {
  return (page.view.getUint8(FLAGS_AT) & flag) !== 0;
}

/** Sets or clears the bits of `flag`, and no others. */
export function setFlag(page: PageEditor, flag: number, on: boolean): void {
  const flags = page.view.getUint8(FLAGS_AT);
  setFlags(page, on ? flags | flag : flags & ~flag);
}

/** The sibling to the left, or NO_PAGE. */
export function leftOf(page: PageView): PageId {
  return page.view.getUint32(LEFT_AT, true) as PageId;
}

export function setLeft(page: PageEditor, id: PageId): void {
  const redo = page.redo;
  if (redo?.begin(REDO_SET_LEFT) === true) redo.u32(id);
  page.view.setUint32(LEFT_AT, id, true);
}

/** The sibling to the right, or NO_PAGE; on a space page, the next one. */
export function rightOf(page: PageView): PageId {
  return page.view.getUint32(RIGHT_AT, true) as PageId;
}

export function setRight(page: PageEditor, id: PageId): void {
  const redo = page.redo;
  if (redo?.begin(REDO_SET_RIGHT) === true) redo.u32(id);
  page.view.setUint32(RIGHT_AT, id, true);
}

/** Counts committed changes. It never goes back, not even when the page is used anew. */
export function versionOf(page: PageView): number {
  return page.view.getUint32(VERSION_AT, true);
}

export function setVersion(page: PageEditor, version: number): void {
  page.view.setUint32(VERSION_AT, version, true);
}

/**
 * Empties the page's bytes and gives it an identity. The LSN and the version stay, because both
 * must never go back in one place of memory: redo compares the one, readers may compare the other.
 */
export function formatHeader(page: PageEditor, id: PageId, level: number): void {
  page.redo?.whole();
  const position = lsnOf(page);
  const version = versionOf(page);
  page.bytes.fill(0);
  setPageId(page, id);
  setLsn(page, position);
  setVersion(page, version);
  setLevel(page, level);
}
