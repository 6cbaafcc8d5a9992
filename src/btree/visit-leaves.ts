import { leftOf, NO_PAGE, rightOf } from "../storage/index.ts";
import { broken, type Task } from "../task/index.ts";
import { copyLowFence } from "./node-read.ts";
import { compareLowFence, isBelowHighFence } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import type { PageHandle } from "./page-handle.ts";
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
  op: Operation,
  leaf: PageHandle,
  range: ScanRange,
  sink: RowSink,
  hop: (leaf: PageHandle) => Task<PageHandle>,
): Task<number> {
  const { reverse = false, limit = Number.POSITIVE_INFINITY } = range;
  let rest = range;
  let rows = 0;
  let leaves = 0;
  for (;;) {
    rows += emitLeaf(leaf, rest, limit - rows, sink);
    if (rows >= limit || isLast(leaf, range)) break;
    // Going back always needs the place, going forward only once there might be a circle.
    const mayTurn = ++leaves > op.store.space.highWater;
    const from = reverse || mayTurn ? copyLowFence(leaf) : null;
    leaf = yield* hop(leaf);
    if (from === null) continue;
    if (mayTurn) refuseToTurn(leaf, compareLowFence(leaf, from), reverse);
    // A leaf found by another descent may reach beyond what has been visited already.
    if (reverse && isBelowHighFence(leaf, from)) {
      rest = { ...range, end: from, endInclusive: false };
    }
  }
  leaf.release();
  return rows;
}

/** Whether nothing of the range lies beyond the leaf. */
function isLast(leaf: PageHandle, { start, end, reverse = false }: ScanRange): boolean {
  if ((reverse ? leftOf(leaf) : rightOf(leaf)) === NO_PAGE) return true;
  if (reverse) return start !== undefined && compareLowFence(leaf, start) <= 0;
  return end !== undefined && isBelowHighFence(leaf, end);
}

/** Links that lead in a circle, as in a page file that is older in part, would never end. */
function refuseToTurn(leaf: PageHandle, order: number, reverse: boolean): void {
  if (reverse ? order < 0 : order > 0) return;
  const found = `page ${leaf.pageId}, which leads back`;
  broken("a scan goes on to keys that it has not seen", found);
}
