import { VERDICT_WORDS } from "../verdict-text.ts";
import { SVG, type SvgLayout } from "./svg-layout.ts";
import { fittingText, linesOfText, type SvgWriter, textWidth } from "./svg-writer.ts";
import type { HistoryView } from "./viewer/history-view.ts";
import { StateLane } from "./viewer/state-lane.ts";

/** Classes of the outcomes, in the order of `OUTCOMES`. */
const OUTCOME_CLASSES = ["bar", "dead", "unsure", "unsure"] as const;

const TEXT_LINE = 18;
const SENTENCES_MAX = 14;
const CASE_INDENT = 16;

/** Draws an SVG's elements from top to bottom. */
export class SvgBody {
  readonly #out: SvgWriter;
  readonly #view: HistoryView;
  readonly #layout: SvgLayout;
  readonly #lane: StateLane;
  readonly #width: number;
  #rowsTop = 0;
  #rowsEnd = 0;

  constructor(out: SvgWriter, view: HistoryView, layout: SvgLayout, width: number) {
    this.#out = out;
    this.#view = view;
    this.#layout = layout;
    this.#width = width;
    this.#lane = new StateLane(view, view.data.lane);
  }

  /** The verdict in one line. */
  get headline(): string {
    const { kind, headline } = this.#view.data;
    return `${VERDICT_WORDS[kind]}: ${headline}`;
  }

  /** Draws everything, and gives the height it takes. */
  draw(note: string): number {
    const { rows } = this.#layout;
    const out = this.#out;
    let y = this.#head(note);
    const laneTop = y;
    if (!this.#lane.isEmpty) y += 30;
    this.#rowsTop = y;
    this.#rowsEnd = y + rows.rows.length * SVG.row;
    this.#behind(laneTop);
    if (!this.#lane.isEmpty) this.#states(laneTop);
    for (const [row, { ids, label }] of rows.rows.entries()) {
      const top = this.#rowsTop + row * SVG.row;
      out.path("rule", ["M", SVG.margin, top + SVG.row, "H", this.#width - SVG.margin]);
      const name = fittingText(label, SVG.font, SVG.gutter - 12);
      out.text("muted", SVG.gutter - 4, top + 19, name, "end");
      for (const [place, id] of ids.entries()) this.#operation(id, ids[place + 1], top);
    }
    this.#order();
    y = this.#legend(this.#rowsEnd + 14);
    return this.#sentences(y + 6);
  }

  #head(note: string): number {
    const width = this.#width - 2 * SVG.margin;
    let y = SVG.margin + 12;
    this.#out.text("title", SVG.margin, y, fittingText(this.#view.data.title, 15, width));
    for (const line of linesOfText(this.headline, 13, width).slice(0, 3)) {
      y += TEXT_LINE;
      this.#out.text("prose", SVG.margin, y, line);
    }
    if (note !== "") {
      y += TEXT_LINE;
      this.#out.text("prose muted", SVG.margin, y, note);
    }
    return y + 30;
  }

  /** Crashes, breaks, and the event at which the order ends. */
  #behind(top: number): void {
    const { data, ends } = this.#view;
    const { at, breaks, first, last } = this.#layout;
    for (const [moment, skipped] of breaks) {
      this.#out.path("break", ["M", at(moment), top, "V", this.#rowsEnd]);
      this.#out.text("small muted", at(moment), top - 6, `${skipped} events`, "middle");
    }
    for (const crash of data.crashes) {
      if (crash < first || crash > last) continue;
      this.#out.path("crash", ["M", at(crash), top, "V", this.#rowsEnd]);
      this.#out.text("small alarm", at(crash), top - 6, "crash", "middle");
    }
    if (data.stuck < 0) return;
    const x = at(ends[data.stuck] ?? 0);
    this.#out.path("limit", ["M", x, top, "V", this.#rowsEnd]);
    const text = "no order gets past here";
    const half = textWidth(text, SVG.small) / 2 + 4;
    const middle = Math.min(x, this.#width - half);
    this.#out.text("small alarm", middle, top - 6, text, "middle");
  }

  #states(top: number): void {
    const { data, orderPoints, ends } = this.#view;
    const { at, first, last } = this.#layout;
    const out = this.#out;
    const title = fittingText(this.#lane.title, SVG.small, SVG.gutter - 12);
    out.text("small muted", SVG.gutter - 4, top + 16, title, "end");
    const { changes, states } = this.#lane;
    const limit = data.stuck >= 0 ? (ends[data.stuck] ?? 0) : last + 1;
    for (const [i, state] of states.entries()) {
      const from = i === 0 ? 0 : (orderPoints[changes[i - 1] ?? 0] ?? 0);
      const to = Math.min(limit, i < changes.length ? (orderPoints[changes[i] ?? 0] ?? 0) : limit);
      if (to < first || from > last) continue;
      const x = from <= first ? SVG.gutter + 4 : at(from);
      const width = at(to) - x;
      out.rect("lane", x, top + 2, Math.max(0, width), 20);
      if (from > first) out.path("line", ["M", x, top, "V", top + 24]);
      const text = fittingText(this.#view.text(state), SVG.font, width - 8);
      if (text !== "") out.text("state", x + 5, top + 16, text);
    }
  }

  #operation(id: number, next: number | undefined, top: number): void {
    const { view, out, layout } = { view: this.#view, out: this.#out, layout: this.#layout };
    const { data, starts, ends, deadlines, isCore } = view;
    const outcome = data.outcomes[id] ?? 0;
    const limit = next === undefined ? Number.POSITIVE_INFINITY : (starts[next] ?? 0);
    const x = layout.at(starts[id] ?? 0);
    const end = layout.at(Math.min(ends[id] ?? 0, limit));
    const y = top + 5;
    const isStuck = id === data.stuck;
    const base = OUTCOME_CLASSES[outcome] ?? "bar";
    const name = isStuck ? "stuck" : isCore[id] === 1 ? "core" : base;
    out.begin(
      `${view.label(id)} by client ${view.processName(id)} (${view.where(id)})`,
      ["operation", "operation near", "operation aside"][view.isAside[id] ?? 0] ?? "operation",
    );
    const bottom = y + SVG.bar;
    if (outcome === 2) {
      const tail = layout.at(Math.min(deadlines[id] ?? 0, limit, layout.last + 1));
      if (tail > end + 4) out.path("tail", ["M", end, y + SVG.bar / 2, "H", tail]);
    }
    // Nothing closes an operation that never returned.
    if (outcome === 3) out.path(name, ["M", end, y, "H", x, "V", bottom, "H", end]);
    else out.rect(name, x, y, end - x, SVG.bar);
    if (outcome === 1) out.path("hatch", hatching(x, y, end - x, SVG.bar));
    if (isCore[id] === 1) out.path("corner", ["M", x, y, "h", 7, "l", -7, 7, "z"]);
    const point = view.points[id] ?? Number.NaN;
    if (!Number.isNaN(point)) out.path("line", ["M", layout.at(point), y - 2, "V", bottom + 6]);
    // A point at the very beginning would stand in the first letter.
    const isEarly = layout.at(point) - x < 16;
    const from = isEarly ? layout.at(point) + 4 : x + 6;
    const label = fittingText(labelInBar(view, id), SVG.font, end - from - 4);
    if (label !== "") out.text(`halo in-${name}`, from, y + 14.5, label);
    if (isStuck) {
      const middle = y + SVG.bar / 2;
      out.path("cross", ["M", end + 5, middle - 4, "l", 8, 8, "m", -8, 0, "l", 8, -8]);
    }
    out.end();
  }

  /** The order as a line from point to point, and the place of each in it. */
  #order(): void {
    const { data, orderPoints, isCore } = this.#view;
    const { at, rows } = this.#layout;
    const line: (string | number)[] = [];
    const shown: { x: number; y: number; id: number; place: number }[] = [];
    for (const [place, id] of data.order.entries()) {
      const row = rows.rowOf[id] ?? -1;
      if (row < 0) continue;
      const x = at(orderPoints[place] ?? 0);
      const y = this.#rowsTop + row * SVG.row + 31;
      line.push(line.length === 0 ? "M" : "L", x, y);
      shown.push({ x, y, id, place });
    }
    if (shown.length > 1) this.#out.path("order", line);
    for (const { x, y, id, place } of shown) {
      const name = isCore[id] === 1 ? "corner" : "point";
      this.#out.path(name, ["M", x, y - 4, "l", 4, 4, "l", -4, 4, "l", -4, -4, "z"]);
      this.#out.text("small muted", x + 6, y + 5, String(place + 1));
    }
  }

  #legend(top: number): number {
    const { data } = this.#view;
    const shown = (id: number): boolean => (this.#layout.rows.rowOf[id] ?? -1) >= 0;
    const has = new Set(data.outcomes.filter((_, id) => shown(id)));
    const signs: [boolean, string, string][] = [
      [data.order.length > 0, "point", "takes effect; numbers give the order"],
      [has.has(1), "dead", "failed: did not happen"],
      [has.has(2) || has.has(3), "unsure", "outcome unknown, or never returned"],
      [data.core.length > 0, "core", "core: no order explains these"],
      [data.stuck >= 0, "cross", "no order explains this answer"],
    ];
    let x = SVG.margin;
    let y = top;
    for (const [occurs, name, text] of signs) {
      if (!occurs) continue;
      const width = 30 + textWidth(text, SVG.small) + 18;
      if (x > SVG.margin && x + width > this.#width) {
        x = SVG.margin;
        y += TEXT_LINE;
      }
      if (name === "point")
        this.#out.path(name, ["M", x + 11, y, "l", 5, 5, "l", -5, 5, "l", -5, -5, "z"]);
      else if (name === "cross")
        this.#out.path(name, ["M", x + 7, y + 1, "l", 8, 8, "m", -8, 0, "l", 8, -8]);
      else this.#out.rect(name, x + 1, y, 22, 10);
      if (name === "dead") this.#out.path("hatch", hatching(x + 1, y, 22, 10));
      if (name === "core") this.#out.path("corner", ["M", x + 1, y, "h", 6, "l", -6, 6, "z"]);
      this.#out.text("small muted", x + 30, y + 9, text);
      x += width;
    }
    return y + TEXT_LINE;
  }

  #sentences(top: number): number {
    const { sentences, notes } = this.#view.data;
    const shown = [...sentences, ...notes.map((text) => ({ depth: 0, text }))];
    const width = Math.min(this.#width, 900) - 2 * SVG.margin;
    let y = top;
    let isCut = shown.length > SENTENCES_MAX;
    for (const [i, { depth, text }] of shown.slice(0, SENTENCES_MAX).entries()) {
      const left = SVG.margin + depth * CASE_INDENT;
      const lines = linesOfText(`${i + 1}. ${text}`, 13, width * 1.15 - depth * CASE_INDENT);
      isCut ||= lines.length > 4;
      for (const line of lines.slice(0, 4)) {
        y += TEXT_LINE;
        this.#out.text("prose", left, y, line);
      }
    }
    if (isCut) {
      y += TEXT_LINE;
      this.#out.text("prose muted", SVG.margin, y, "…");
    }
    return Math.ceil(y + SVG.margin);
  }
}

/** The operation's line, and before it the name that the sentences give it. */
export function labelInBar(view: HistoryView, id: number): string {
  const name = view.names.get(id);
  return name === undefined ? view.label(id) : `${name}: ${view.label(id)}`;
}

/** Slanting lines that stay inside of a rectangle. */
function hatching(x: number, y: number, width: number, height: number): (string | number)[] {
  const lines: (string | number)[] = [];
  for (let from = x - height + 5; from < x + width; from += 7) {
    const left = Math.max(from, x);
    const right = Math.min(from + height, x + width);
    lines.push("M", left, y + height - (left - from), "L", right, y + height - (right - from));
  }
  return lines;
}
