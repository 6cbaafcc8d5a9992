import { BarPainter } from "./bar-painter.ts";
import type { PageCanvas } from "./browser.ts";
import { HeadPainter } from "./head-painter.ts";
import { heightOfHead, type Scene } from "./scene.ts";

/** Draws the picture: rows, the order through them, and what stands around them. */
export class Painter {
  readonly #canvas: PageCanvas;
  readonly #scene: Scene;
  readonly #bars: BarPainter;
  readonly #head: HeadPainter;

  constructor(canvas: PageCanvas, scene: Scene) {
    this.#canvas = canvas;
    this.#scene = scene;
    this.#bars = new BarPainter(canvas, scene);
    this.#head = new HeadPainter(canvas, scene);
  }

  /** Draws what is in view. Costs what is to be seen, not what the history holds. */
  draw(ratio: number): void {
    const { width, height, sizes, colours } = this.#scene;
    const canvas = this.#canvas;
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    canvas.globalAlpha = 1;
    canvas.fillStyle = colours.paper;
    canvas.fillRect(0, 0, width, height);
    const head = heightOfHead(this.#scene);
    canvas.textBaseline = "middle";
    canvas.save();
    canvas.beginPath();
    canvas.rect(sizes.gutter, 0, Math.max(0, width - sizes.gutter), height);
    canvas.clip();
    this.#head.grid(head);
    canvas.beginPath();
    canvas.rect(sizes.gutter, head, width, height);
    canvas.clip();
    this.#scene.arePointsShown = this.#haveRoom();
    this.#rows(head);
    this.#order(head);
    canvas.restore();
    this.#head.draw(head);
    this.#gutter(head);
  }

  /** First and last row in view. */
  rowsInView(): readonly [number, number] {
    const { layout, scrollTop, height, sizes } = this.#scene;
    const shown = height - heightOfHead(this.#scene);
    const first = Math.max(0, Math.floor(scrollTop / sizes.row));
    const last = Math.min(layout.rows.length - 1, Math.floor((scrollTop + shown) / sizes.row));
    return [first, last];
  }

  /** Vertical pixel of a row's upper edge. */
  topOf(row: number): number {
    const { scrollTop, sizes } = this.#scene;
    return heightOfHead(this.#scene) + row * sizes.row - scrollTop;
  }

  /** False if there are so many points that they would only blacken the rows. */
  #haveRoom(): boolean {
    const [from, to] = this.#placesInView();
    const [first, last] = this.rowsInView();
    return (to - from) * 12 <= this.#scene.port.width * (last - first + 1);
  }

  #rows(head: number): void {
    const canvas = this.#canvas;
    const { layout, colours, sizes, width } = this.#scene;
    const [first, last] = this.rowsInView();
    for (let row = first; row <= last; row++) {
      const top = this.topOf(row);
      canvas.fillStyle = colours.rule;
      canvas.fillRect(sizes.gutter, Math.max(head, top + sizes.row - 1), width, 1);
      const shown = layout.rows[row];
      if (shown !== undefined) this.#bars.row(shown, top);
    }
  }

  /** The order as a line from point to point, where the points can be distinguished. */
  #order(head: number): void {
    const { view, axis, port, layout, sizes, colours } = this.#scene;
    if (!this.#scene.arePointsShown) return;
    const [from, to] = this.#placesInView();
    const canvas = this.#canvas;
    canvas.strokeStyle = colours.point;
    canvas.lineWidth = 1;
    canvas.lineJoin = "round";
    canvas.globalAlpha = (to - from) * 8 > port.width ? 0.15 : 0.4;
    canvas.beginPath();
    let isFirst = true;
    for (let place = from; place < to; place++) {
      const row = layout.rowOf[view.data.order[place] ?? -1] ?? -1;
      if (row < 0) continue;
      const x = sizes.gutter + port.toPixel(axis.orderPoints[place] ?? 0);
      const y = this.topOf(row) + sizes.row - 7;
      if (isFirst) canvas.moveTo(x, y);
      else canvas.lineTo(x, y);
      isFirst = false;
    }
    canvas.stroke();
    canvas.globalAlpha = 1;
    const isNumbered = (to - from) * 34 < port.width;
    for (let place = from; place < to; place++) {
      const id = view.data.order[place] ?? -1;
      const row = layout.rowOf[id] ?? -1;
      const top = this.topOf(row);
      if (row < 0 || top + sizes.row < head || top > this.#scene.height) continue;
      this.#bars.point(id, place, top, isNumbered);
    }
  }

  /** The stretch of the order in view, and one point on each side of it. */
  #placesInView(): readonly [number, number] {
    const { axis, port } = this.#scene;
    const firstBeyond = (x: number): number => {
      let low = 0;
      let high = axis.orderPoints.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((axis.orderPoints[middle] ?? 0) < x) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const from = Math.max(0, firstBeyond(port.left) - 1);
    const to = Math.min(axis.orderPoints.length, firstBeyond(port.right) + 1);
    return [from, to];
  }

  #gutter(head: number): void {
    const canvas = this.#canvas;
    const { layout, sizes, colours, height, selected } = this.#scene;
    canvas.save();
    canvas.beginPath();
    canvas.rect(0, head, sizes.gutter, height);
    canvas.clip();
    canvas.fillStyle = colours.panel;
    canvas.fillRect(0, head, sizes.gutter, height);
    canvas.fillStyle = colours.rule;
    canvas.fillRect(sizes.gutter - 1, 0, 1, height);
    canvas.font = sizes.font;
    canvas.textAlign = "right";
    const [first, last] = this.rowsInView();
    const chosen = layout.rowOf[selected] ?? -1;
    for (let row = first; row <= last; row++) {
      const label = layout.rows[row]?.label ?? "";
      const fits = label.length > 10 ? `${label.slice(0, 9)}…` : label;
      canvas.fillStyle = row === chosen ? colours.ink : colours.muted;
      canvas.fillText(fits, sizes.gutter - 8, this.topOf(row) + 4 + sizes.bar / 2);
    }
    canvas.textAlign = "left";
    canvas.restore();
  }
}
