import { escapeMarkup } from "../../task/index.ts";
import type { History } from "../history.ts";
import type { Model } from "../models/index.ts";
import type { Verdict } from "../verdict.ts";
import { buildData, type PictureOptions } from "./build-data.ts";
import { plainRules } from "./palette.ts";
import { SvgBody } from "./svg-body.ts";
import { SVG, type SvgLayout, svgLayout } from "./svg-layout.ts";
import { OPERATIONS_MAX, rankedOperations, scopeOf } from "./svg-scope.ts";
import { SvgWriter } from "./svg-writer.ts";
import { HistoryView } from "./viewer/history-view.ts";

/** Pixels that a picture is wide at most: a sheet of A4 on its side, without its margins. */
const WIDTH_MAX = 1040;
const WIDTH_MIN = 560;
/** Room for the label of an operation that the verdict is not about. */
const LABELS = [SVG.labelMax, 110, 70] as const;
/** Fewer operations show too little: so many are shown, and all that the verdict is about. */
const OPERATIONS_LEAST = 8;

/**
 * Draws a history as an SVG for a page of print: rows, the order, states, core and a legend.
 *
 * Its size is bounded: of a long history it shows the core and what surrounds it, or the beginning,
 * and says so. The same input gives the same bytes.
 *
 * @param verdict What `checkHistory` found of this history with this model.
 * @throws LatchworkError BAD_HISTORY if the model cannot read an operation.
 */
export function pictureSvg(
  history: History,
  model: Model,
  verdict: Verdict,
  options: PictureOptions = {},
): string {
  const view = new HistoryView(buildData(history, model, verdict, options));
  const { layout, note } = fittingLayout(view);
  const width = Math.max(WIDTH_MIN, Math.ceil(layout.width));
  // What is wider all the same is drawn smaller.
  const scale = Math.min(1, WIDTH_MAX / width);
  const writer = new SvgWriter();
  const body = new SvgBody(writer, view, layout, width);
  const height = body.draw(note);
  const { title, sentences, notes } = view.data;
  const description = [body.headline, ...sentences.map(({ text }) => text), ...notes].join(" ");
  const [wide, high] = [width, height].map((each) => Math.round(each * scale));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" \
width="${wide}" height="${high}" role="img" class="lw-picture">
<title>${escapeMarkup(title)}</title>
<desc>${escapeMarkup(description)}</desc>
<style>${plainRules(RULES)}</style>
<rect class="lw-paper" width="100%" height="100%"/>
${writer.elements}
</svg>
`;
}

/** Shows as many operations as the width allows, with labels as long as it allows then. */
function fittingLayout(view: HistoryView): {
  readonly layout: SvgLayout;
  readonly note: string;
} {
  const ranked = rankedOperations(view);
  const { core, named, stuck } = view.data;
  const central = new Set([...core, ...named, stuck]);
  const least = Math.min(OPERATIONS_MAX, Math.max(OPERATIONS_LEAST, central.size));
  for (let max = OPERATIONS_MAX; ; max = Math.max(least, Math.floor((max * 7) / 8))) {
    const { ids, note } = scopeOf(view, ranked, max);
    const layouts = LABELS.map((label) =>
      svgLayout(view, ids, (id) => (central.has(id) ? SVG.labelMax : label)),
    );
    const layout = layouts.find(({ width }) => width <= WIDTH_MAX);
    if (layout !== undefined) return { layout, note };
    const narrow = layouts.at(-1);
    if (max <= least && narrow !== undefined) return { layout: narrow, note };
  }
}

const RULES = `
.lw-paper { fill: var(--paper); }
.lw-picture text { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: ${SVG.font}px; fill: var(--ink); unicode-bidi: isolate; }
.lw-picture .lw-prose { font-family: system-ui, "Liberation Sans", sans-serif; font-size: 13px; }
.lw-picture .lw-title { font-family: system-ui, "Liberation Sans", sans-serif; font-size: 15px; \
font-weight: 600; }
.lw-picture .lw-muted { fill: var(--muted); }
.lw-picture .lw-small { font-size: ${SVG.small}px; }
.lw-picture .lw-alarm { fill: var(--stuck-edge); }
.lw-picture .lw-halo { paint-order: stroke; stroke-width: 3px; stroke-linejoin: round; }
.lw-near { opacity: 0.75; }
.lw-aside { opacity: 0.45; }
.lw-rule { fill: none; stroke: var(--rule); }
.lw-bar { fill: var(--bar); stroke: var(--bar-edge); }
.lw-dead { fill: var(--dead); stroke: var(--dead-edge); }
.lw-unsure { fill: var(--unsure); stroke: var(--unsure-edge); stroke-dasharray: 4 3; }
.lw-core { fill: var(--core); stroke: var(--core-edge); stroke-width: 2; }
.lw-stuck { fill: var(--stuck); stroke: var(--stuck-edge); stroke-width: 2; }
.lw-in-bar { stroke: var(--bar); } .lw-in-dead { stroke: var(--dead); }
.lw-in-unsure { stroke: var(--unsure); } .lw-in-core { stroke: var(--core); }
.lw-in-stuck { stroke: var(--stuck); }
.lw-hatch { fill: none; stroke: var(--dead-edge); stroke-width: 0.7; }
.lw-tail { fill: none; stroke: var(--unsure-edge); stroke-width: 1.5; stroke-dasharray: 2 4; }
.lw-corner { fill: var(--core-edge); }
.lw-cross { fill: none; stroke: var(--stuck-edge); stroke-width: 2.5; }
.lw-crash { fill: none; stroke: var(--stuck-edge); stroke-width: 2; stroke-dasharray: 7 3 2 3; }
.lw-limit { fill: none; stroke: var(--stuck-edge); stroke-dasharray: 2 3; }
.lw-order { fill: none; stroke: var(--point); stroke-opacity: 0.4; }
.lw-point { fill: var(--point); stroke: none; }
.lw-line { fill: none; stroke: var(--point); stroke-width: 1.5; }
.lw-lane { fill: var(--panel); }
.lw-break { fill: none; stroke: var(--muted); stroke-dasharray: 1 4; }
`;
