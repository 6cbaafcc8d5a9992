/**
 * Where on the axis of events each operation of an order takes effect: event `e` stands at `e`.
 *
 * An operation takes effect at the latest invocation among it and those before it in the order,
 * which lies within each of them; those that share a moment share out the step up to the next
 * event, so that they keep their order. O(order).
 */
export function pointPositions(order: readonly number[], invoked: ArrayLike<number>): Float64Array {
  const points = new Float64Array(order.length);
  let moment = -1;
  let first = 0;
  for (let i = 0; i <= order.length; i++) {
    const next = i < order.length ? Math.max(moment, invoked[order[i] ?? 0] ?? 0) : -1;
    if (next === moment) continue;
    for (let j = first; j < i; j++) points[j] = moment + (j - first + 1) / (i - first + 1);
    moment = next;
    first = i;
  }
  return points;
}
