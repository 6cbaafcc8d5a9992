import type { PageCanvas } from "./browser.ts";
import type { Scene } from "./scene.ts";

/** The whole history in a strip: how many operations are open, the marks, and the part in view. */
export class Overview {
  readonly #canvas: PageCanvas;
  readonly #scene: Scene;
  readonly #height: number;
  /** Open operations at each pixel, as a share of the most; kept until the layout changes. */
  #profile = new Float64Array(0);
  #isStale = true;

  constructor(canvas: PageCanvas, scene: Scene, height: number) {
    this.#canvas = canvas;
    this.#scene = scene;
    this.#height = height;
  }

  /** To be called when other operations are shown, or stand elsewhere. */
  renew(): void {
    this.#isStale = true;
  }

  /** Where on the axis a pixel of the strip lies. */
  toAxis(pixel: number): number {
    const { port, sizes } = this.#scene;
    const share = (pixel - sizes.gutter) / Math.max(1, port.width);
    return port.low + share * (port.high - port.low);
  }

  draw(ratio: number): void {
    const { colours, port, sizes, width, view, axis, filters } = this.#scene;
    const canvas = this.#canvas;
    if (this.#isStale || this.#profile.length !== Math.ceil(port.width)) this.#measure();
    canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
    canvas.fillStyle = colours.panel;
    canvas.fillRect(0, 0, width, this.#height);
    canvas.fillStyle = colours["bar-edge"];
    canvas.globalAlpha = 0.55;
    const most = this.#height - 12;
    for (const [pixel, share] of this.#profile.entries()) {
      if (share > 0) canvas.fillRect(sizes.gutter + pixel, this.#height - share * most, 1, most);
    }
    canvas.globalAlpha = 1;
    for (const id of filters.found.slice(0, 5000)) this.#mark(axis.starts[id] ?? 0, "match", 4, 0);
    for (const crash of view.data.crashes.slice(0, 500)) {
      this.#mark(axis.at(crash), "stuck-edge", this.#height, 0);
    }
    for (const id of view.data.core) this.#triangle(axis.starts[id] ?? 0, "core-edge");
    if (view.data.stuck >= 0) this.#triangle(axis.ends[view.data.stuck] ?? 0, "stuck-edge");
    const from = this.#pixel(port.left);
    const to = this.#pixel(port.right);
    canvas.fillStyle = colours.paper;
    canvas.globalAlpha = 0.6;
    canvas.fillRect(sizes.gutter, 0, from - sizes.gutter, this.#height);
    canvas.fillRect(to, 0, width - to, this.#height);
    canvas.globalAlpha = 1;
    canvas.strokeStyle = colours.focus;
    canvas.lineWidth = 1.5;
    canvas.strokeRect(from, 1, Math.max(3, to - from), this.#height - 2);
  }

  #pixel(x: number): number {
    const { port, sizes } = this.#scene;
    return sizes.gutter + ((x - port.low) / (port.high - port.low)) * port.width;
  }

  #mark(x: number, colour: "match" | "stuck-edge", height: number, top: number): void {
    this.#canvas.fillStyle = this.#scene.colours[colour];
    this.#canvas.fillRect(this.#pixel(x) - 0.5, top, 1.5, height);
  }

  #triangle(x: number, colour: "core-edge" | "stuck-edge"): void {
    const pixel = this.#pixel(x);
    const canvas = this.#canvas;
    canvas.fillStyle = this.#scene.colours[colour];
    canvas.beginPath();
    canvas.moveTo(pixel - 4, 2);
    canvas.lineTo(pixel + 4, 2);
    canvas.lineTo(pixel, 10);
    canvas.closePath();
    canvas.fill();
  }

  #measure(): void {
    const { port, axis, layout, view } = this.#scene;
    const pixels = Math.ceil(port.width);
    const open = new Float64Array(pixels + 1);
    const perStep = port.width / (port.high - port.low);
    const clamp = (x: number): number =>
      Math.max(0, Math.min(pixels, Math.floor((x - port.low) * perStep)));
    for (let id = 0; id < view.count; id++) {
      if ((layout.rowOf[id] ?? -1) < 0) continue;
      const from = clamp(axis.starts[id] ?? 0);
      const to = clamp(axis.ends[id] ?? 0) + 1;
      open[from] = (open[from] ?? 0) + 1;
      if (to <= pixels) open[to] = (open[to] ?? 0) - 1;
    }
    let most = 1;
    for (let pixel = 1; pixel <= pixels; pixel++) {
      open[pixel] = (open[pixel] ?? 0) + (open[pixel - 1] ?? 0);
      most = Math.max(most, open[pixel] ?? 0);
    }
    this.#profile = open.subarray(0, pixels).map((count) => count / most);
    this.#isStale = false;
  }
}
