import { latchId, type LatchId, type LatchOrder } from "../latch/index.ts";
import { levelOf, META_PAGE, pageId, type PageView } from "../storage/index.ts";
import { lowFenceAt, lowLengthOf } from "./page-layout.ts";
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

function frame(store: TreeStore, latch: LatchId): PageView {
  return store.memory.frame(pageId(latch));
}

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
