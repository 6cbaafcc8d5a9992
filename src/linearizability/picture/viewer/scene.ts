import type { Axis } from "./axis.ts";
import type { Filters } from "./filters.ts";
import type { HistoryView } from "./history-view.ts";
import type { RowLayout } from "./row-layout.ts";
import type { StateLane } from "./state-lane.ts";
import type { Viewport } from "./viewport.ts";

/** What is to be drawn: the viewer changes it, everything else reads it. */
export interface Scene {
  readonly view: HistoryView;
  readonly filters: Filters;
  readonly port: Viewport;
  sizes: Sizes;
  axis: Axis;
  layout: RowLayout;
  lane: StateLane;
  colours: Colours;
  selected: number;
  hovered: number;
  /** Pixels of the picture, the gutter included. */
  width: number;
  height: number;
  scrollTop: number;
  /** Whether there is room for points in this frame. */
  arePointsShown: boolean;
}

/** Pixels. */
export interface Sizes {
  /** Names of clients, left of the rows. */
  readonly gutter: number;
  readonly axis: number;
  readonly lane: number;
  readonly row: number;
  readonly bar: number;
  readonly font: string;
  readonly smallFont: string;
}

/** Colours of the scheme in use, as the style sheet names them. */
export type Colours = Readonly<Record<ColourName, string>>;

export type ColourName =
  | "paper"
  | "panel"
  | "ink"
  | "muted"
  | "rule"
  | "bar"
  | "bar-edge"
  | "dead"
  | "dead-edge"
  | "unsure"
  | "unsure-edge"
  | "core"
  | "core-edge"
  | "stuck"
  | "stuck-edge"
  | "point"
  | "focus"
  | "match";

/** Sizes for that many rows in so many pixels: a few rows may be higher than many. */
export function sizesOfPicture(rows: number, height: number): Sizes {
  const family = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
  const row = Math.max(34, Math.min(48, Math.floor(height / Math.max(1, rows))));
  return {
    gutter: 84,
    axis: 24,
    lane: 26,
    row,
    bar: Math.min(26, row - 15),
    font: `12px ${family}`,
    smallFont: `10px ${family}`,
  };
}

/** Height of what stays above the rows as they scroll. */
export function heightOfHead({ sizes, lane }: Scene): number {
  return sizes.axis + (lane.isEmpty ? 0 : sizes.lane);
}
