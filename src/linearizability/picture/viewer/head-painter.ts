import type { PageCanvas } from "./browser.ts";
import type { Scene } from "./scene.ts";

/** Draws what stands above and behind the rows: axis, crashes, and the lane of states. */
export class HeadPainter {
  readonly #canvas: PageCanvas;
  readonly #scene: Scene;

  constructor(canvas: PageCanvas, scene: Scene) {
    this.#canvas = canvas;
    this.#scene = scene;
  }

  /** Vertical lines behind the rows: round numbers, crashes, and where the order ends. */
  grid(head: number): void {
    const { axis, port, sizes, colours, height, view } = this.#scene;
    const canvas = this.#canvas;
    canvas.fillStyle = colours.rule;
    canvas.globalAlpha = 0.6;
    for (const tick of this.#ticks()) {
      canvas.fillRect(Math.round(sizes.gutter + port.toPixel(tick)), head, 1, height);
    }
    canvas.globalAlpha = 1;
    canvas.lineWidth = 2;
    canvas.strokeStyle = colours["stuck-edge"];
    canvas.setLineDash([7, 3, 2, 3]);
    let last = -10;
    for (const crash of view.data.crashes) {
      const x = sizes.gutter + port.toPixel(axis.at(crash));
      if (x < sizes.gutter || x > this.#scene.width || x < last + 2) continue;
      this.#vertical(x, sizes.axis, height);
      last = x;
    }
    const { stuck } = view.data;
    if (stuck >= 0) {
      canvas.lineWidth = 1;
      canvas.setLineDash([2, 3]);
      this.#vertical(sizes.gutter + port.toPixel(axis.ends[stuck] ?? 0), head, height);
    }
    canvas.setLineDash([]);
  }

  draw(head: number): void {
    const { sizes, colours, width } = this.#scene;
    const canvas = this.#canvas;
    canvas.fillStyle = colours.panel;
    canvas.fillRect(0, 0, width, head);
    canvas.save();
    canvas.beginPath();
    canvas.rect(sizes.gutter, 0, width, head);
    canvas.clip();
    this.#axis();
    if (head > sizes.axis) this.#lane();
    canvas.restore();
    canvas.fillStyle = colours.rule;
    canvas.fillRect(0, head - 1, width, 1);
    canvas.fillStyle = colours.muted;
    canvas.font = sizes.smallFont;
    canvas.textAlign = "right";
    canvas.fillText(this.#scene.axis.isByTime ? "time" : "event", sizes.gutter - 8, sizes.axis / 2);
    if (head > sizes.axis) {
      const { title } = this.#scene.lane;
      const fits = title.length > 12 ? `${title.slice(0, 11)}…` : title;
      canvas.fillText(fits, sizes.gutter - 8, sizes.axis + sizes.lane / 2);
    }
    canvas.textAlign = "left";
  }

  #axis(): void {
    const { axis, port, sizes, colours, view } = this.#scene;
    const canvas = this.#canvas;
    canvas.font = sizes.smallFont;
    canvas.textAlign = "center";
    canvas.fillStyle = colours.muted;
    for (const tick of this.#ticks()) {
      const text = String(Number(tick.toPrecision(12)));
      const half = canvas.measureText(text).width / 2 + 3;
      const x = sizes.gutter + port.toPixel(tick);
      const isWhole = x - half >= sizes.gutter && x + half <= this.#scene.width;
      if (isWhole) canvas.fillText(text, x, sizes.axis / 2);
    }
    const pills: [number, string][] = view.data.crashes.map((crash) => [axis.at(crash), "crash"]);
    const { stuck } = view.data;
    if (stuck >= 0) pills.push([axis.ends[stuck] ?? 0, "no order gets past here"]);
    let last = -100;
    for (const [at, text] of pills) {
      const x = sizes.gutter + port.toPixel(at);
      if (x < sizes.gutter || x > this.#scene.width || x < last + 50) continue;
      last = x;
      const half = canvas.measureText(text).width / 2 + 5;
      const middle = Math.max(sizes.gutter + half, Math.min(x, this.#scene.width - half));
      canvas.fillStyle = colours.stuck;
      canvas.fillRect(middle - half, 4, 2 * half, sizes.axis - 8);
      canvas.fillStyle = colours["stuck-edge"];
      canvas.fillText(text, middle, sizes.axis / 2);
    }
    canvas.textAlign = "left";
  }

  /** The state of the object from one change to the next. */
  #lane(): void {
    const { axis, port, sizes, lane, view, width } = this.#scene;
    const at = (change: number): number => axis.orderPoints[lane.changes[change] ?? 0] ?? 0;
    let low = 0;
    let high = lane.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle) <= port.left) low = middle + 1;
      else high = middle;
    }
    let drawnTo = Number.NEGATIVE_INFINITY;
    for (let i = low; i <= lane.changes.length; i++) {
      const from = i === 0 ? axis.low : at(i - 1);
      if (from > port.right) break;
      const to = i === lane.changes.length ? this.#laneEnd() : at(i);
      const end = Math.min(width, sizes.gutter + port.toPixel(to));
      const start = Math.max(sizes.gutter, sizes.gutter + port.toPixel(from));
      if (end < drawnTo + 2) continue;
      this.#state(start, end, i === 0, view.text(lane.states[i] ?? -1));
      drawnTo = end;
    }
  }

  #laneEnd(): number {
    const { axis, view } = this.#scene;
    const { stuck } = view.data;
    return stuck >= 0 ? (axis.ends[stuck] ?? axis.high) : axis.high;
  }

  #state(from: number, to: number, isFirst: boolean, text: string): void {
    const { sizes, colours } = this.#scene;
    const canvas = this.#canvas;
    const y = sizes.axis + 4;
    const height = sizes.lane - 8;
    canvas.fillStyle = colours.paper;
    canvas.fillRect(from, y, to - from, height);
    canvas.fillStyle = colours.point;
    if (!isFirst) canvas.fillRect(from - 0.75, y - 2, 1.5, height + 4);
    canvas.font = sizes.font;
    const letter = canvas.measureText("0").width;
    const room = Math.floor((to - from - 8) / letter);
    if (room < 1) return;
    const fits = text.length > room ? `${text.slice(0, room - 1)}…` : text;
    canvas.fillStyle = colours.ink;
    canvas.fillText(fits, from + 5, y + height / 2 + 0.5);
  }

  #ticks(): number[] {
    const { axis, port } = this.#scene;
    return axis.ticks(Math.max(0, port.left), port.right, port.width / 90);
  }

  #vertical(x: number, from: number, to: number): void {
    const canvas = this.#canvas;
    canvas.beginPath();
    canvas.moveTo(x, from);
    canvas.lineTo(x, to);
    canvas.stroke();
  }
}
