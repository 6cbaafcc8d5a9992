import {
  hasFlag,
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  META_PAGE,
  type PageView,
} from "../storage/index.ts";
import { InvariantViolation } from "../task/index.ts";
import { fencesMeet, highFenceAgrees, lowFenceAgrees } from "./check/index.ts";
import { copyHighFence, copyKey } from "./node-read.ts";
import { isBelowHighFence, reachesTo } from "./node-search.ts";
import type { PageHandle } from "./page-handle.ts";
import { countOf, hasInfiniteHigh, lowLengthOf } from "./page-layout.ts";

// What a pointer promises of the page it leads to, checked while the page that it was read from is
// still held (the continuous verification of Graefe, Kimura and Kuno 2012). A page that breaks
// the promise is not the one that was meant: an older state of it came back from the disk, or a
// pointer to it was kept too long.

/** A page was found where another one was promised. */
export class FenceViolation extends InvariantViolation {
  constructor(message: string) {
    super(message, "fences");
  }
}

/** Whether a page has a foster child: its right sibling, which no other pointer leads to. */
export function isFosterParent(page: PageView): boolean {
  return hasFlag(page, INCOMPLETE_SPLIT_FLAG);
}

/**
 * Checks the page that entry `index` of `parent` leads to; of the meta page, the root. One with a
 * foster child ends before the parent says, and the foster child where it does.
 *
 * @throws FenceViolation. O(key length).
 */
export function checkChild(parent: PageHandle, index: number, child: PageHandle): void {
  const isRight = parent.pageId === META_PAGE ? isRootOver(child) : isChild(parent, index, child);
  if (!isRight) refuse(child, `child ${index} of page ${parent.pageId}`);
}

/**
 * Checks the foster child of `page`, which is to end at `end`; null: no high fence.
 *
 * @throws FenceViolation. O(key length).
 */
export function checkFosterChild(
  page: PageHandle,
  child: PageHandle,
  end: Uint8Array | null,
): void {
  const isBeside = levelOf(page) === levelOf(child) && fencesMeet(page, child);
  if (!isBeside || !endsAt(child, end)) refuse(child, `foster child of page ${page.pageId}`);
}

/** Where the keys under entry `index` of a page end; null if nowhere, as under the meta page. */
export function endOfChild(parent: PageHandle, index: number): Uint8Array | null {
  if (parent.pageId === META_PAGE) return null;
  return index + 1 < countOf(parent) ? copyKey(parent, index + 1) : copyHighFence(parent);
}

function isRootOver(root: PageView): boolean {
  return lowLengthOf(root) === 0 && endsAt(root, null);
}

function isChild(parent: PageHandle, index: number, child: PageView): boolean {
  const isBelow = levelOf(child) === levelOf(parent) - 1;
  if (!isBelow || !lowFenceAgrees(parent, index, child)) return false;
  if (!isFosterParent(child)) return highFenceAgrees(parent, index, child);
  return endsAt(child, endOfChild(parent, index));
}

/** Whether a page ends where it should; one with a foster child, before that. */
function endsAt(page: PageView, end: Uint8Array | null): boolean {
  if (isFosterParent(page))
    return !hasInfiniteHigh(page) && (end === null || !reachesTo(page, end));
  if (end === null || hasInfiniteHigh(page)) return end === null && hasInfiniteHigh(page);
  return reachesTo(page, end) && !isBelowHighFence(page, end);
}

function refuse(page: PageHandle, role: string): never {
  const found = `page ${page.pageId} (level ${levelOf(page)}), whose fences are others`;
  throw new FenceViolation(`expected the ${role} to have the fences promised; found ${found}`);
}
