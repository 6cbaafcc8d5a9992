import type { History } from "./history.ts";

/** Ids of the operations of one part, in an order that explains the part. */
export type PartialOrder = readonly number[];

/**
 * Makes one order of the parts' orders, which keeps each of them and real time.
 *
 * Each operation gets the earliest moment that its part's order allows, which lies within the
 * operation; sorted by moment, all agree (locality, Herlihy and Wing 1990). O(events).
 */
export function mergeOrders(history: History, orders: readonly PartialOrder[]): readonly number[] {
  const [only] = orders;
  if (only === undefined || orders.length === 1) return only ?? [];
  // Orders go through the history in leaps, which is cheap in a column only.
  const invoked = Int32Array.from(history.operations, ({ invokedAt }) => invokedAt);
  const moments = new Int32Array(orders.reduce((sum, { length }) => sum + length, 0));
  const places = new Int32Array(history.events + 1);
  let at = 0;
  for (const order of orders) {
    let moment = 0;
    for (const id of order) {
      moment = Math.max(moment, invoked[id] ?? 0);
      moments[at++] = moment;
      places[moment + 1] = (places[moment + 1] ?? 0) + 1;
    }
  }
  for (let i = 1; i < places.length; i++) places[i] = (places[i] ?? 0) + (places[i - 1] ?? 0);
  // A counting sort is stable: operations of one part that share a moment stay in their order.
  const merged = new Int32Array(at);
  at = 0;
  for (const order of orders) {
    for (const id of order) {
      const moment = moments[at++] ?? 0;
      const place = places[moment] ?? 0;
      places[moment] = place + 1;
      merged[place] = id;
    }
  }
  return Array.from(merged);
}
