import { leftOf, NO_PAGE, rightOf } from "../storage/index.ts";
import { broken, type Task } from "../task/index.ts";
import { copyLowFence } from "./node-read.ts";
import { compareLowFence, isBelowHighFence } from "./node-search.ts";
import type { PageGuard } from "./page-guard.ts";
import { emitLeaf, type RowSink, type ScanRange } from "./scan-range.ts";

/**
 * Gives the rows of a range leaf by leaf, in its direction, and releases the last leaf. How to get
 * from one leaf to the next is the protocol's: a hop may come down from the root again.
 *
 * @param leaf The held leaf that the range begins in.
 * @param hop Gives the next leaf held, and releases the one it was given.
 * @returns how many rows were given.
 */
export function* visitLeaves(
  leaf: PageGuard,
  range: ScanRange,
  sink: RowSink,
  hop: (leaf: PageGuard) => Task<PageGuard>,
): Task<number> {
  const { reverse = false, limit = Number.POSITIVE_INFINITY } = range;
  let rest = range;
  let rows = 0;
  for (;;) {
    rows += emitLeaf(leaf, rest, limit - rows, sink);
    if (rows >= limit || isLast(leaf, range)) break;
    const from = copyLowFence(leaf);
    // A leaf found by another descent may reach beyond what has been visited already.
    if (reverse) rest = { ...range, end: from, endInclusive: false };
    leaf = yield* hop(leaf);
    // Links that lead in a circle, as in a page file that is older in part, would never end.
    const order = compareLowFence(leaf, from);
    if (reverse ? order >= 0 : order <= 0) refuseToTurn(leaf);
  }
  leaf.release();
  return rows;
}

/** Whether nothing of the range lies beyond the leaf. */
function isLast(leaf: PageGuard, { start, end, reverse = false }: ScanRange): boolean {
  if ((reverse ? leftOf(leaf) : rightOf(leaf)) === NO_PAGE) return true;
  if (reverse) return start !== undefined && compareLowFence(leaf, start) <= 0;
  return end !== undefined && isBelowHighFence(leaf, end);
}

function refuseToTurn(leaf: PageGuard): never {
  const found = `page ${leaf.pageId}, which leads back`;
  broken("a scan goes on to keys that it has not seen", found);
}
