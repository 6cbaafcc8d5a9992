import { LatchworkError } from "../task/errors.ts";
import { FIRST_TREE_PAGE, META_PAGE, pageId, type PageId, SPACE_PAGE } from "./ids.ts";
import {
  formatHeader,
  hasFlag,
  HEADER_BYTES,
  HALF_DEAD_FLAG,
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  pageIdOf,
  rightOf,
  setFlag,
  SPACE_LEVEL,
} from "./page-header.ts";
import { REDO_SET_IN_USE } from "./page-redo.ts";
import type { PageEditor, PageView } from "./page-view.ts";

// A space page holds one bit for each page of its stretch of the store, 1 if that page is in use.
// The first is page 1; the next is the second page of the next stretch, and so on, each named by
// the right link of the one before.

/** How many pages one space page covers. */
export function pagesOfSpacePage(pageSize: number): number {
  return 8 * (pageSize - HEADER_BYTES);
}

/** The space page that covers page `id`, whether it exists or not. */
export function spacePageFor(id: PageId, pageSize: number): PageId {
  const stretch = pagesOfSpacePage(pageSize);
  return pageId(Math.floor(id / stretch) * stretch + SPACE_PAGE);
}

/** Whether this number is reserved for a space page. */
export function isSpacePage(id: number, pageSize: number): boolean {
  return id % pagesOfSpacePage(pageSize) === SPACE_PAGE;
}

/** Makes `space` space page `id`, with no page of its stretch in use but itself and page 0. */
export function formatSpacePage(space: PageEditor, id: PageId = SPACE_PAGE): void {
  space.redo?.whole();
  formatHeader(space, id, SPACE_LEVEL);
  setInUse(space, id, true);
  if (id === SPACE_PAGE) setInUse(space, META_PAGE, true);
}

/** Whether page `id` is in use. Requires: `space` covers it. O(1). */
export function isInUse(space: PageView, id: PageId): boolean {
  const bit = id % pagesOfSpacePage(space.bytes.length);
  return (space.view.getUint8(HEADER_BYTES + (bit >> 3)) & (1 << (bit & 7))) !== 0;
}

/** Sets whether page `id` is in use. Requires: `space` covers it. */
export function setInUse(space: PageEditor, id: PageId, inUse: boolean): void {
  setBit(space, id % pagesOfSpacePage(space.bytes.length), inUse);
}

/**
 * Sets or clears bit `bit` of a space page.
 *
 * @throws LatchworkError BAD_LOG if there is no such bit: only redo can ask for that.
 */
export function setBit(space: PageEditor, bit: number, value: boolean): void {
  if (levelOf(space) !== SPACE_LEVEL || bit >= pagesOfSpacePage(space.bytes.length)) {
    throw new LatchworkError("BAD_LOG", `page ${pageIdOf(space)} has no bit ${bit} of free space`);
  }
  const redo = space.redo;
  if (redo?.begin(REDO_SET_IN_USE) === true) {
    redo.u32(bit);
    redo.u8(value ? 1 : 0);
  }
  const at = HEADER_BYTES + (bit >> 3);
  const mask = 1 << (bit & 7);
  const byte = space.view.getUint8(at);
  space.view.setUint8(at, value ? byte | mask : byte & ~mask);
}

/**
 * Whether some page in use may be without a downlink, because it is half dead or the right half of
 * a split that its parent does not know of. Said by the first space page for the whole store.
 */
export function mayBeUnfinished(space: PageView): boolean {
  return hasFlag(space, INCOMPLETE_SPLIT_FLAG);
}

/** Sets what {@link mayBeUnfinished} tells. */
export function setMayBeUnfinished(space: PageEditor, may: boolean): void {
  setFlag(space, INCOMPLETE_SPLIT_FLAG, may);
}

/**
 * Whether left links between siblings may lead elsewhere, or to pages that are free. Said by the
 * first space page for the whole store.
 */
export function hasStaleLeftLinks(space: PageView): boolean {
  return hasFlag(space, HALF_DEAD_FLAG);
}

/** Sets what {@link hasStaleLeftLinks} tells. */
export function setStaleLeftLinks(space: PageEditor, may: boolean): void {
  setFlag(space, HALF_DEAD_FLAG, may);
}

/** One more than the highest page of its stretch that is in use; 0 if none is. O(bytes). */
export function highestInUse(space: PageView): number {
  const { bytes, view } = space;
  let end = bytes.length;
  // Sixteen bytes at a time: most of a space page is zero, and hunts look at it in every schedule.
  while (end - WORDS_BYTES >= HEADER_BYTES && areZero(view, end - WORDS_BYTES)) end -= WORDS_BYTES;
  let at = end - 1;
  while (at >= HEADER_BYTES && bytes[at] === 0) at--;
  if (at < HEADER_BYTES) return 0;
  const first = pageIdOf(space) - SPACE_PAGE;
  return first + 8 * (at - HEADER_BYTES) + 32 - Math.clz32(bytes[at] ?? 0);
}

const WORDS_BYTES = 16;

function areZero(view: DataView, at: number): boolean {
  const first = view.getInt32(at, true) | view.getInt32(at + 4, true);
  return (first | view.getInt32(at + 8, true) | view.getInt32(at + 12, true)) === 0;
}

/** What is wrong with the space page in a place, or "". */
export function spacePageProblem(page: PageView, id: PageId, capacity: number): string {
  if (levelOf(page) !== SPACE_LEVEL || pageIdOf(page) !== id) return "it is not a space page";
  const stretch = pagesOfSpacePage(page.bytes.length);
  const next = rightOf(page);
  if (next !== 0 && next !== id + stretch) {
    return `the next space page is ${next}, not ${id + stretch}`;
  }
  if (next >= capacity) return `the next space page is ${next}, but there are ${capacity} pages`;
  const highest = highestInUse(page);
  if (highest > capacity) return `page ${highest - 1} is in use, but there are ${capacity} pages`;
  if (id === SPACE_PAGE && highest <= FIRST_TREE_PAGE) return "no page is in use for the tree";
  return "";
}
