import {
  HALF_DEAD_FLAG,
  hasFlag,
  INCOMPLETE_SPLIT_FLAG,
  leftOf,
  META_PAGE,
  NO_PAGE,
  type PageView,
  UNLINKED_FLAG,
} from "../storage/index.ts";
import type { TreeParameters } from "./limits.ts";
import { isUnderfull } from "./node-fit.ts";
import { mergeFits } from "./node-merge.ts";
import { childAt, copyLowFence } from "./node-read.ts";
import { childIndexFor } from "./node-search.ts";
import type { PageHandle } from "./page-handle.ts";
import { countOf, hasInfiniteHigh } from "./page-layout.ts";

// What the marks and links of pages say, in trees that keep some between operations.

/** Whether a page has lost its downlink: its keys are elsewhere. */
export function isDead(page: PageView): boolean {
  return hasFlag(page, HALF_DEAD_FLAG | UNLINKED_FLAG);
}

/** Whether a page is half dead, and still in the chain of its level. */
export function isHalfDead(page: PageView): boolean {
  return hasFlag(page, HALF_DEAD_FLAG) && !hasFlag(page, UNLINKED_FLAG);
}

/** Whether a page covers all keys: it has no siblings, but for such as are half dead. */
export function coversAll(page: PageView): boolean {
  return leftOf(page) === NO_PAGE && hasInfiniteHigh(page) && !isDead(page);
}

/** Whether two pages are children of a third, side by side. */
export function areChildren(parent: PageHandle, left: PageHandle, right: PageHandle): boolean {
  if (parent.pageId === META_PAGE) return false;
  const index = childIndexFor(parent, copyLowFence(left));
  if (childAt(parent, index) !== left.pageId || index + 1 >= countOf(parent)) return false;
  return childAt(parent, index + 1) === right.pageId;
}

/** Whether two pages are alive, and both know their parents. */
export function areWhole(left: PageView, right: PageView): boolean {
  const marks = HALF_DEAD_FLAG | UNLINKED_FLAG | INCOMPLETE_SPLIT_FLAG;
  return !hasFlag(left, marks) && !hasFlag(right, marks);
}

/** Whether one of two pages is too empty, and both fit into the left one. Requires: siblings. */
export function shouldMerge(left: PageView, right: PageView, params: TreeParameters): boolean {
  const isThin = isUnderfull(left, params) || isUnderfull(right, params);
  return isThin && mergeFits(left, right, params);
}
