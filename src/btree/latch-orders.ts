import { latchId, type LatchId, type LatchOrder } from "../latch/index.ts";
import {
  HALF_DEAD_FLAG,
  hasFlag,
  levelOf,
  META_PAGE,
  pageId,
  type PageView,
} from "../storage/index.ts";
import {
  hasInfiniteHigh,
  highFenceAt,
  highLengthOf,
  lowFenceAt,
  lowLengthOf,
} from "./page-layout.ts";
import type { TreeStore } from "./tree-store.ts";

const META_LATCH = latchId(META_PAGE);

/**
 * The order of top-down protocols: a page before everything below it and everything to its right,
 * which is the pre-order of the tree. The meta page comes first.
 *
 * A page's level and low fence never change while it lives, so this is one total order over all
 * pages at all times, and tasks that wait only along it cannot form a cycle. It allows parent to
 * child and left to right, as the crabbing rules of InnoDB do, and also a step from a leaf to its
 * right-hand uncle, which a split that reaches several levels needs.
 */
export function preOrder(store: TreeStore): LatchOrder {
  return {
    name: "parent before child, left before right",
    brokenRule: (held, wanted) => {
      if (held === wanted) return "latches are not re-entrant";
      if (wanted === META_LATCH) return "the meta page comes before every other page";
      if (held === META_LATCH) return null;
      return brokenBetween(frame(store, held), frame(store, wanted));
    },
  };
}

/**
 * The order of B-link trees: a page before those to its right, all of a level before those above,
 * and the meta page last.
 *
 * A page that is half dead stands just before the page that follows it in the chain: what it held
 * is to its left, and may have been split meanwhile.
 */
export function rightThenUp(store: TreeStore): LatchOrder {
  return {
    name: "left before right, then up",
    brokenRule: (held, wanted) => {
      if (held === wanted) return "latches are not re-entrant";
      if (wanted === META_LATCH) return null;
      if (held === META_LATCH) return "the meta page comes after every other page";
      return brokenInChains(frame(store, held), frame(store, wanted));
    },
  };
}

/** The order of protocols with one latch for the whole tree: nothing else is latched under it. */
export function oneLatchOnly(): LatchOrder {
  return {
    name: "one latch for the whole tree",
    brokenRule: () => "nothing else is latched while the tree's latch is held",
  };
}

function brokenBetween(held: PageView, wanted: PageView): string | null {
  const order = compareLowFences(held, wanted);
  const heldLevel = levelOf(held);
  const wantedLevel = levelOf(wanted);
  if (order < 0 || (order === 0 && wantedLevel < heldLevel)) return null;
  if (wantedLevel > heldLevel) return "moves up while holding";
  if (wantedLevel < heldLevel) return "moves down and left while holding";
  return "moves left while holding";
}

function brokenInChains(held: PageView, wanted: PageView): string | null {
  const heldLevel = levelOf(held);
  const wantedLevel = levelOf(wanted);
  if (wantedLevel > heldLevel) return null;
  if (wantedLevel < heldLevel) return "moves down while holding";
  return isBefore(held, wanted) ? null : "moves left while holding";
}

/** Whether a page comes before another one of its level, as far as that can be said. */
function isBefore(page: PageView, other: PageView): boolean {
  const isHalfDead = hasFlag(page, HALF_DEAD_FLAG);
  const isOtherHalfDead = hasFlag(other, HALF_DEAD_FLAG);
  if (isHalfDead && isOtherHalfDead) return compareHighFences(page, other) <= 0;
  if (isHalfDead) return compareHighToLow(page, other) <= 0;
  if (isOtherHalfDead) return compareHighToLow(other, page) > 0;
  return compareLowFences(page, other) < 0;
}

function frame(store: TreeStore, latch: LatchId): PageView {
  return store.memory.frame(pageId(latch));
}

// By itself, as it is asked at nearly every latch of a protocol that comes from above.
function compareLowFences(a: PageView, b: PageView): number {
  const aAt = lowFenceAt(a);
  const bAt = lowFenceAt(b);
  const aLength = lowLengthOf(a);
  const bLength = lowLengthOf(b);
  const shorter = Math.min(aLength, bLength);
  for (let i = 0; i < shorter; i++) {
    const order = a.view.getUint8(aAt + i) - b.view.getUint8(bAt + i);
    if (order !== 0) return order;
  }
  return aLength - bLength;
}

function compareHighFences(a: PageView, b: PageView): number {
  if (hasInfiniteHigh(a) || hasInfiniteHigh(b)) {
    return Number(hasInfiniteHigh(a)) - Number(hasInfiniteHigh(b));
  }
  return compareBetween(a, highFenceAt(a), highLengthOf(a), b, highFenceAt(b), highLengthOf(b));
}

function compareHighToLow(a: PageView, b: PageView): number {
  if (hasInfiniteHigh(a)) return 1;
  return compareBetween(a, highFenceAt(a), highLengthOf(a), b, lowFenceAt(b), lowLengthOf(b));
}

function compareBetween(
  a: PageView,
  aAt: number,
  aLength: number,
  b: PageView,
  bAt: number,
  bLength: number,
): number {
  const shorter = Math.min(aLength, bLength);
  for (let i = 0; i < shorter; i++) {
    const order = a.view.getUint8(aAt + i) - b.view.getUint8(bAt + i);
    if (order !== 0) return order;
  }
  return aLength - bLength;
}
