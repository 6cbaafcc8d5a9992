import type { HistoryView } from "./viewer/history-view.ts";

/** Operations that an SVG shows. */
export interface Scope {
  readonly ids: ReadonlySet<number>;
  /** What is left out, in words; empty if nothing is. */
  readonly note: string;
}

/** Operations and rows that can be looked at on one page. */
export const OPERATIONS_MAX = 48;
const ROWS_MAX = 20;

/**
 * All operations, those first that an SVG should show if there is no room for all: the core and
 * what surrounds it, or the place where no order goes on, or the beginning.
 */
export function rankedOperations(view: HistoryView): readonly number[] {
  const { core, named, stuck } = view.data;
  const central = [...(stuck >= 0 ? [stuck] : []), ...core.toReversed(), ...named];
  return [...new Set([...central, ...byDistance(view, central)])];
}

/** Chooses the first `max` operations of a ranking, all if there are no more. */
export function scopeOf(view: HistoryView, ranked: readonly number[], max: number): Scope {
  const { count, data } = view;
  const ids = new Set<number>();
  const rows = new Set<number>();
  for (const id of ranked) {
    const row = data.process[id] ?? 0;
    if (rows.size >= ROWS_MAX && !rows.has(row)) continue;
    ids.add(id);
    rows.add(row);
    if (ids.size === max) break;
  }
  if (ids.size === count) return { ids, note: "" };
  const what =
    data.core.length > 0
      ? "the core and what surrounds it"
      : data.stuck >= 0
        ? "those around the answer that no order explains"
        : "the first ones";
  return { ids, note: `Shown: ${ids.size} of ${count} operations, ${what}.` };
}

/** Operations that the verdict is about before others, and near ones before those far away. */
function byDistance(view: HistoryView, central: readonly number[]): readonly number[] {
  const { count, starts, ends, data } = view;
  const distance = new Float64Array(count);
  const keys = new Set([-2, ...data.verdictKeys]);
  const far = 2 * data.events;
  const least = central.length === 0 ? far : 0;
  const end = central.reduce((last, id) => Math.max(last, ends[id] ?? 0), least);
  for (let id = 0; id < count; id++) {
    let nearest = central.length === 0 ? (starts[id] ?? 0) : Number.POSITIVE_INFINITY;
    for (const other of central.slice(0, 100)) {
      const apart = Math.max(
        (starts[other] ?? 0) - (ends[id] ?? 0),
        (starts[id] ?? 0) - (ends[other] ?? 0),
      );
      nearest = Math.min(nearest, Math.max(0, apart));
    }
    const isOther = data.verdictKeys.length > 0 && !keys.has(data.key[id] ?? -1);
    // What begins after the last of them has no part in it.
    const isLater = (starts[id] ?? 0) > end;
    distance[id] = nearest + (isOther ? 2 * far : 0) + (isLater ? far : 0);
  }
  return Array.from({ length: count }, (_, id) => id).toSorted(
    (a, b) => (distance[a] ?? 0) - (distance[b] ?? 0) || a - b,
  );
}
