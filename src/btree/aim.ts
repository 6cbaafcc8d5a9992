import type { PageId, PageView } from "../storage/index.ts";
import { childBelow, childFor } from "./child-choice.ts";
import { childIndexBelow, childIndexFor, isBelowHighFence, reachesTo } from "./node-search.ts";
import { countOf, hasInfiniteHigh } from "./page-layout.ts";

/** What a descent looks for: on each level there is one page that it is to come to. */
export interface Aim {
  /** Whether it lies to the right of all that the page covers. O(key length). */
  isBeyond(page: PageView): boolean;
  /** The child of an inner page to go on to. O(log n). */
  childIn(page: PageView): PageId;
  /** Which entry of an inner page that child is. O(log n). */
  indexIn(page: PageView): number;
}

/** The page that covers a key. */
export function atKey(key: Uint8Array): Aim {
  return {
    isBeyond: (page) => !isBelowHighFence(page, key),
    childIn: (page) => childFor(page, key),
    indexIn: (page) => childIndexFor(page, key),
  };
}

/** The page with the last keys below a bound; without one, the last page. */
export function belowBound(bound: Uint8Array | undefined): Aim {
  return {
    isBeyond: (page) => (bound === undefined ? !hasInfiniteHigh(page) : !reachesTo(page, bound)),
    childIn: (page) => childBelow(page, bound),
    indexIn: (page) => (bound === undefined ? countOf(page) - 1 : childIndexBelow(page, bound)),
  };
}
