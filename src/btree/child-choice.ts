import type { PageId, PageView } from "../storage/index.ts";
import { childAt } from "./node-read.ts";
import { childIndexBelow, childIndexFor } from "./node-search.ts";
import { countOf } from "./page-layout.ts";

const FIRST_KEY = new Uint8Array(0);

/** Chooses the child of an inner page to go on to. */
export type ChildChoice = (page: PageView, key: Uint8Array | undefined) => PageId;

/** The child that a key is under; without one, the first. O(log n). */
export function childFor(page: PageView, key: Uint8Array = FIRST_KEY): PageId {
  return childAt(page, childIndexFor(page, key));
}

/** The child with the last keys below a bound; without one, the last. O(log n). */
export function childBelow(page: PageView, bound: Uint8Array | undefined): PageId {
  return childAt(page, bound === undefined ? countOf(page) - 1 : childIndexBelow(page, bound));
}
