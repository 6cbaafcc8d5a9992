import type { PageCanvas } from "./browser.ts";
import type { Row } from "./row-layout.ts";
import type { Scene } from "./scene.ts";

/** Pixels of an operation: its bar, its tail, and where the next one in the row begins. */
interface Place {
  readonly id: number;
  readonly x: number;
  readonly end: number;
  readonly tail: number;
  readonly room: number;
}

interface LabelPlace {
  readonly right: number;
  readonly room: number;
  readonly y: number;
}

/** Draws operations as bars. Each outcome has its shape, each mark its sign, beside the colour. */
export class BarPainter {
  readonly #canvas: PageCanvas;
  readonly #scene: Scene;
  /** Width of one letter: the font is monospace. */
  #letter = 0;

  constructor(canvas: PageCanvas, scene: Scene) {
    this.#canvas = canvas;
    this.#scene = scene;
  }

  /**
   * Draws a row's operations in view; those too narrow to be distinguished as one dense stretch.
   */
  row(row: Row, top: number): void {
    const { axis, port, layout, sizes, view, filters } = this.#scene;
    const first = layout.firstAt(row, axis.starts, port.left);
    let denseFrom = -1;
    let denseTo = -1;
    for (let place = first; place < row.ids.length; place++) {
      const id = row.ids[place] ?? 0;
      const start = axis.starts[id] ?? 0;
      if (start > port.right) break;
      const next = row.ids[place + 1];
      const limit = next === undefined ? Number.POSITIVE_INFINITY : (axis.starts[next] ?? 0);
      const x = sizes.gutter + port.toPixel(start);
      const end = sizes.gutter + port.toPixel(Math.min(axis.ends[id] ?? 0, limit));
      const isMarked =
        view.isCore[id] === 1 || id === view.data.stuck || filters.isFound?.[id] === 1;
      if (end - x >= 8 || isMarked || id === this.#scene.selected) {
        const tail = sizes.gutter + port.toPixel(Math.min(axis.deadlines[id] ?? 0, limit));
        const room = sizes.gutter + port.toPixel(Math.min(limit, port.right));
        this.#bar({ id, x, end: Math.max(end, x + 3), tail: Math.max(tail, end), room }, top);
      } else if (denseTo >= 0 && x <= denseTo + 0.5) denseTo = Math.max(denseTo, end);
      else {
        this.#dense(denseFrom, denseTo, top);
        denseFrom = x;
        denseTo = end;
      }
    }
    this.#dense(denseFrom, denseTo, top);
  }

  /** The moment at which an operation takes effect: a line through its bar, and a diamond. */
  point(id: number, place: number, top: number, isNumbered: boolean): void {
    const { axis, port, sizes, colours, view } = this.#scene;
    const canvas = this.#canvas;
    const x = sizes.gutter + port.toPixel(axis.points[id] ?? 0);
    const y = top + sizes.row - 7;
    canvas.globalAlpha = this.#strength(id);
    canvas.fillStyle = view.isCore[id] === 1 ? colours["core-edge"] : colours.point;
    // Only below the bar: further up it lies under the label.
    canvas.fillRect(x - 0.75, top + 4 + sizes.bar, 1.5, sizes.row - 11 - sizes.bar);
    canvas.beginPath();
    canvas.moveTo(x, y - 4);
    canvas.lineTo(x + 4, y);
    canvas.lineTo(x, y + 4);
    canvas.lineTo(x - 4, y);
    canvas.closePath();
    canvas.fill();
    if (isNumbered) {
      canvas.font = sizes.smallFont;
      canvas.fillStyle = colours.muted;
      canvas.fillText(String(place + 1), x + 7, y + 1);
    }
    canvas.globalAlpha = 1;
  }

  #dense(from: number, to: number, top: number): void {
    if (from < 0) return;
    const { colours, sizes, view } = this.#scene;
    const hasAside = view.data.core.length > 0 || view.data.verdictKeys.length > 0;
    this.#canvas.globalAlpha = hasAside ? 0.25 : 0.5;
    this.#canvas.fillStyle = colours["bar-edge"];
    this.#canvas.fillRect(from, top + 4, Math.max(1, to - from), sizes.bar);
    this.#canvas.globalAlpha = 1;
  }

  #bar({ id, x, end, tail, room }: Place, top: number): void {
    const { sizes, view, port, width, axis, colours } = this.#scene;
    const canvas = this.#canvas;
    const outcome = view.data.outcomes[id] ?? 0;
    // Far outside of the view nothing is drawn, so that no number is too large for the canvas.
    const from = Math.max(x, sizes.gutter - 20);
    const to = Math.min(end, width + 20);
    const y = top + 4;
    const [fill, edge] = this.#colours(id, outcome);
    canvas.globalAlpha = this.#strength(id);
    if (outcome === 2 && tail > end + 2) this.#tail(to, Math.min(tail, width + 20), y, edge);
    canvas.fillStyle = fill;
    canvas.fillRect(from, y, to - from, sizes.bar);
    if (outcome === 1) this.#hatch(from, to, y, edge);
    const isStrong = view.isCore[id] === 1 || id === view.data.stuck;
    canvas.strokeStyle = edge;
    canvas.lineWidth = isStrong ? 2 : 1;
    canvas.setLineDash(outcome >= 2 ? [4, 3] : []);
    canvas.beginPath();
    if (outcome === 3) {
      // Nothing closes it on the right.
      canvas.moveTo(to, y + 0.5);
      canvas.lineTo(from + 0.5, y + 0.5);
      canvas.lineTo(from + 0.5, y + sizes.bar - 0.5);
      canvas.lineTo(to, y + sizes.bar - 0.5);
    } else canvas.rect(from + 0.5, y + 0.5, to - from - 1, sizes.bar - 1);
    canvas.stroke();
    canvas.setLineDash([]);
    const point = sizes.gutter + port.toPixel(axis.points[id] ?? Number.NaN);
    if (this.#scene.arePointsShown && point > from - 1 && point < to + 1) {
      canvas.fillStyle = view.isCore[id] === 1 ? colours["core-edge"] : colours.point;
      canvas.fillRect(point - 0.75, y - 1, 1.5, sizes.bar + 1);
    }
    // A point at the very beginning would stand in the first letter.
    const left = Math.max(from, sizes.gutter);
    const isEarly = this.#scene.arePointsShown && point >= left && point - left < 14;
    const right = Math.min(to, sizes.gutter + port.width);
    this.#label(id, isEarly ? point : left, { right, room, y });
    this.#marks(id, from, to, y);
    canvas.globalAlpha = 1;
  }

  #colours(id: number, outcome: number): readonly [string, string] {
    const { colours, view } = this.#scene;
    if (id === view.data.stuck) return [colours.stuck, colours["stuck-edge"]];
    if (view.isCore[id] === 1) return [colours.core, colours["core-edge"]];
    if (outcome === 1) return [colours.dead, colours["dead-edge"]];
    if (outcome >= 2) return [colours.unsure, colours["unsure-edge"]];
    return [colours.bar, colours["bar-edge"]];
  }

  #strength(id: number): number {
    const { view, selected, hovered } = this.#scene;
    const aside = view.isAside[id] ?? 0;
    return aside === 0 || id === selected || id === hovered ? 1 : aside === 1 ? 0.7 : 0.4;
  }

  #tail(from: number, to: number, y: number, edge: string): void {
    const { sizes } = this.#scene;
    const canvas = this.#canvas;
    const middle = y + sizes.bar / 2;
    canvas.strokeStyle = edge;
    canvas.lineWidth = 1.5;
    canvas.setLineDash([2, 4]);
    canvas.beginPath();
    canvas.moveTo(from, middle);
    canvas.lineTo(to, middle);
    canvas.stroke();
    canvas.setLineDash([]);
  }

  #hatch(from: number, to: number, y: number, edge: string): void {
    const { sizes } = this.#scene;
    const canvas = this.#canvas;
    canvas.save();
    canvas.beginPath();
    canvas.rect(from, y, to - from, sizes.bar);
    canvas.clip();
    canvas.strokeStyle = edge;
    canvas.lineWidth = 0.75;
    canvas.beginPath();
    for (let x = from - sizes.bar; x < to; x += 7) {
      canvas.moveTo(x, y + sizes.bar);
      canvas.lineTo(x + sizes.bar, y);
    }
    canvas.stroke();
    canvas.restore();
  }

  /** The label inside of the bar; beside it if it fits only there; else cut off. */
  #label(id: number, from: number, { right, room, y }: LabelPlace): void {
    const { view, sizes, colours } = this.#scene;
    const canvas = this.#canvas;
    const width = right - from - 9;
    if (width < 9 && room - right < 30) return;
    canvas.font = sizes.font;
    if (this.#letter === 0) this.#letter = canvas.measureText("0123456789").width / 10;
    const name = view.names.get(id);
    const label = name === undefined ? view.label(id) : `${name}: ${view.label(id)}`;
    const gap = id === view.data.stuck ? 18 : 5;
    const needed = label.length * this.#letter;
    const isBeside = needed > width && needed < room - right - gap - 4;
    // Letters of other scripts may be twice as wide as these.
    let fits = label;
    if (!isBeside) {
      const most = Math.floor(width / this.#letter);
      if (most < 1) return;
      if (label.length > most) fits = `${label.slice(0, most - 1)}…`;
      while (fits.length > 1 && canvas.measureText(fits).width > width + 2) {
        fits = `${fits.slice(0, -2)}…`;
      }
    }
    const [fill] = this.#colours(id, view.data.outcomes[id] ?? 0);
    const x = isBeside ? right + gap : from + 5;
    if (isBeside && (view.deadlines[id] ?? 0) > (view.ends[id] ?? 0)) {
      // The tail goes on behind the label.
      canvas.fillStyle = colours.paper;
      canvas.fillRect(x - 3, y + 2, needed + 6, sizes.bar - 4);
    }
    canvas.lineWidth = 3;
    canvas.lineJoin = "round";
    canvas.strokeStyle = isBeside ? colours.paper : fill;
    canvas.strokeText(fits, x, y + sizes.bar / 2 + 0.5);
    canvas.fillStyle = colours.ink;
    canvas.fillText(fits, x, y + sizes.bar / 2 + 0.5);
  }

  /** A corner for the core, a cross for the answer nothing explains, rings for found and chosen. */
  #marks(id: number, from: number, to: number, y: number): void {
    const { view, colours, sizes, filters, selected, hovered } = this.#scene;
    const canvas = this.#canvas;
    if (view.isCore[id] === 1) {
      canvas.fillStyle = colours["core-edge"];
      canvas.beginPath();
      canvas.moveTo(from, y);
      canvas.lineTo(from + 7, y);
      canvas.lineTo(from, y + 7);
      canvas.closePath();
      canvas.fill();
    }
    if (id === view.data.stuck) {
      canvas.strokeStyle = colours["stuck-edge"];
      canvas.lineWidth = 2.5;
      canvas.beginPath();
      const x = to + 8;
      const middle = y + sizes.bar / 2;
      canvas.moveTo(x - 4, middle - 4);
      canvas.lineTo(x + 4, middle + 4);
      canvas.moveTo(x - 4, middle + 4);
      canvas.lineTo(x + 4, middle - 4);
      canvas.stroke();
    }
    const isFound = filters.isFound?.[id] === 1;
    if (isFound) {
      canvas.fillStyle = colours.match;
      canvas.fillRect(from, y + sizes.bar + 1, to - from, 2.5);
    }
    if (id !== selected && id !== hovered) return;
    canvas.strokeStyle = colours.focus;
    canvas.lineWidth = id === selected ? 2.5 : 1;
    canvas.strokeRect(from - 2, y - 2, to - from + 4, sizes.bar + 4);
  }
}
