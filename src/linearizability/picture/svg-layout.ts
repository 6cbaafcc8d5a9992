import { textWidth } from "./svg-writer.ts";
import type { HistoryView } from "./viewer/history-view.ts";
import { RowLayout } from "./viewer/row-layout.ts";

/** Sizes in pixels. */
export const SVG = {
  font: 12,
  small: 10,
  gutter: 76,
  margin: 16,
  row: 40,
  bar: 20,
  /** From one event to the next, and from a point to whatever comes next. */
  step: 18,
  point: 14,
  labelMax: 200,
} as const;

/** Where everything stands in an SVG: each event of the operations shown takes one step. */
export interface SvgLayout {
  readonly rows: RowLayout;
  readonly width: number;
  /** Pixel of a moment on the axis of events. */
  readonly at: (moment: number) => number;
  /** Moments between whose neighbours events were left out, and how many. */
  readonly breaks: readonly (readonly [moment: number, skipped: number])[];
  readonly first: number;
  readonly last: number;
}

/**
 * Lays out operations from left to right, each as wide as its label needs, up to `labelMaxOf` it.
 * Steps widen at the end of an operation, so that what begins earlier also stands further left.
 */
export function svgLayout(
  view: HistoryView,
  ids: ReadonlySet<number>,
  labelMaxOf: (id: number) => number = () => SVG.labelMax,
): SvgLayout {
  const rows = new RowLayout(view, (id) => ids.has(id), false);
  const { moments, begins, steps } = slotsOf(view, ids, labelMaxOf);
  const pixels: number[] = [];
  const breaks: [number, number][] = [];
  // The state before the first event stands left of it.
  let x = SVG.gutter + 3 * SVG.margin;
  for (const [i, moment] of moments.entries()) {
    const before = moments[i - 1];
    const skipped = before === undefined ? 0 : Math.ceil(moment) - Math.floor(before) - 1;
    const isBreak = skipped >= 12;
    if (isBreak && before !== undefined) breaks.push([(moment + before) / 2, skipped]);
    if (i > 0) x += (steps[i] ?? 0) + (isBreak ? 2 * SVG.step : 0);
    for (const { start, width } of begins.get(moment) ?? []) {
      x = Math.max(x, (pixels[moments.indexOf(start)] ?? x) + width);
    }
    pixels.push(x);
  }
  const at = (moment: number): number => {
    const next = moments.findIndex((slot) => slot >= moment);
    if (next < 0) return x + SVG.step;
    const to = pixels[next] ?? x;
    const from = pixels[next - 1] ?? to - SVG.step;
    const low = moments[next - 1] ?? (moments[next] ?? 0) - 1;
    const share = (moment - low) / Math.max(1e-9, (moments[next] ?? 0) - low);
    return from + (to - from) * Math.max(0, share);
  };
  const [first, last] = [moments[0] ?? 0, moments.at(-1) ?? 1];
  return { rows, width: x + 3 * SVG.step + SVG.margin, at, breaks, first, last };
}

interface Slots {
  readonly moments: readonly number[];
  /** By the moment at which operations end: where each began, and the room its label needs. */
  readonly begins: ReadonlyMap<
    number,
    readonly { readonly start: number; readonly width: number }[]
  >;
  readonly steps: readonly number[];
}

function slotsOf(
  view: HistoryView,
  ids: ReadonlySet<number>,
  labelMaxOf: (id: number) => number,
): Slots {
  const { starts, ends, points, data } = view;
  const events = new Set<number>();
  const marks = new Set<number>();
  const begins = new Map<number, { start: number; width: number }[]>();
  for (const id of ids) {
    const [start, end, point] = [starts[id] ?? 0, ends[id] ?? 0, points[id] ?? Number.NaN];
    events.add(start);
    const label = textWidth(`${view.names.get(id) ?? ""}: ${view.label(id)}`, SVG.font);
    const width = Math.min(labelMaxOf(id), label) + 24;
    const ending = begins.get(end);
    if (ending === undefined) begins.set(end, [{ start, width }]);
    else ending.push({ start, width });
    events.add(end);
    if (!Number.isNaN(point)) marks.add(point);
  }
  const [first, last] = [Math.min(...events), Math.max(...events)];
  for (const crash of data.crashes.slice(0, 1000)) {
    if (crash >= first && crash <= last) events.add(crash);
  }
  const moments = [...new Set([...events, ...marks])].toSorted((a, b) => a - b);
  const steps = moments.map((moment, i) => {
    const isBesidePoint = !events.has(moment) || !events.has(moments[i - 1] ?? moment);
    return isBesidePoint ? SVG.point : SVG.step;
  });
  return { moments, begins, steps };
}
