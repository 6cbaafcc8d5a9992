import type { History } from "./history.ts";

/** Ids of the operations of one part, in an order that explains the part. */
export type PartialOrder = readonly number[];

/**
 * Makes one order of the parts' orders, which keeps each of them and real time.
 *
 * Each operation gets the earliest moment that its part's order allows, which lies within the
 * operation; sorted by moment, all agree (locality, Herlihy and Wing 1990). O(n log n).
 */
export function mergeOrders(history: History, orders: readonly PartialOrder[]): readonly number[] {
  const [only] = orders;
  if (only === undefined || orders.length === 1) return only ?? [];
  const momentOf = new Float64Array(history.operations.length);
  const merged: number[] = [];
  for (const order of orders) {
    let moment = -1;
    for (const id of order) {
      moment = Math.max(moment, history.operations[id]?.invokedAt ?? 0);
      momentOf[id] = moment;
      merged.push(id);
    }
  }
  // The sort is stable, so operations of one part that share a moment stay in their order.
  return merged.toSorted((a, b) => (momentOf[a] ?? 0) - (momentOf[b] ?? 0));
}
