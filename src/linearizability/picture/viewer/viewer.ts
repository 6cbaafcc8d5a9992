import { Axis } from "./axis.ts";
import type { PageCanvas } from "./browser.ts";
import { DetailsPanel } from "./details-panel.ts";
import { Filters } from "./filters.ts";
import type { HistoryView } from "./history-view.ts";
import { Overview } from "./overview.ts";
import type { PageParts } from "./page-parts.ts";
import { Painter } from "./painter.ts";
import { RowLayout } from "./row-layout.ts";
import { type Colours, heightOfHead, type Scene, sizesOfPicture } from "./scene.ts";
import { StateLane } from "./state-lane.ts";
import { ViewList } from "./view-list.ts";
import { Viewport } from "./viewport.ts";

/** A part of the axis that was in view. */
export interface Place {
  readonly isByTime: boolean;
  readonly left: number;
  readonly scale: number;
}

/** The picture and everything one can do with it. Draws once a frame, and only if asked to. */
export class Viewer {
  readonly scene: Scene;
  readonly overview: Overview;
  readonly painter: Painter;
  readonly #parts: PageParts;
  readonly #details: DetailsPanel;
  readonly #list: ViewList;
  #isAsked = false;
  #isSettled = true;

  constructor(parts: PageParts, view: HistoryView) {
    this.#parts = parts;
    const filters = new Filters(view);
    const all = new RowLayout(view, () => true, false);
    const packed = new RowLayout(view, () => true, true);
    // Where clients get new names after each failure, most rows would hold a few operations.
    const isPacked = all.rows.length > 12 && packed.rows.length * 2 <= all.rows.length;
    this.scene = {
      view,
      filters,
      port: new Viewport(),
      sizes: sizesOfPicture(1, 1),
      axis: new Axis(view, false),
      layout: isPacked ? packed : all,
      lane: new StateLane(view, view.data.lane),
      colours: this.#colours(),
      selected: -1,
      hovered: -1,
      width: 1,
      height: 1,
      scrollTop: 0,
      arePointsShown: true,
    };
    this.painter = new Painter(this.#canvas("picture"), this.scene);
    this.overview = new Overview(this.#canvas("overview"), this.scene, 44);
    this.#details = new DetailsPanel(parts, this.scene);
    this.#list = new ViewList(parts, this.scene, this.painter);
    const { port, axis } = this.scene;
    port.setRange(axis.low, axis.high);
    this.resize();
    port.fit();
    this.#details.show(-1);
    parts.page.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.scene.colours = this.#colours();
      this.draw();
    });
  }

  /** Asks for a frame. */
  draw(): void {
    this.#isSettled = false;
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#parts.page.requestAnimationFrame(() => this.#frame());
  }

  /** Takes the size that the window has now. */
  resize(): void {
    const { page } = this.#parts;
    const scroller = this.#parts.get("scroller");
    const ratio = page.devicePixelRatio;
    const { scene } = this;
    scene.width = scroller.clientWidth;
    scene.height = scroller.clientHeight;
    scene.port.resize(scene.width - scene.sizes.gutter);
    for (const [name, height] of [
      ["picture", scene.height],
      ["overview", 44],
    ] as const) {
      const canvas = this.#parts.get(name);
      canvas.width = Math.round(scene.width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.setProperty("width", `${scene.width}px`);
      canvas.style.setProperty("height", `${height}px`);
    }
    this.#setSpacer();
    this.overview.renew();
    this.draw();
  }

  /** Pins an operation: shows its details, and brings it into view. -1 unpins. */
  select(id: number): void {
    this.scene.selected = id;
    this.#details.show(id);
    if (id >= 0) this.#reveal(id);
    this.draw();
  }

  /** Steps to the next operation shown in the row (1), or the one before (-1). */
  stepInRow(step: number): void {
    const { layout, selected } = this.scene;
    const row = layout.rows[layout.rowOf[selected] ?? -1];
    const next = row?.ids[(layout.placeOf[selected] ?? 0) + step];
    if (row === undefined) this.select(this.#firstInView());
    else if (next !== undefined) this.select(next);
  }

  /** Steps to the operation of a row below (1) or above (-1) that is nearest in time. */
  stepRow(step: number): void {
    const { layout, axis, selected } = this.scene;
    const from = layout.rowOf[selected] ?? -1;
    const row = layout.rows[from + step];
    if (from < 0) this.select(this.#firstInView());
    else if (row !== undefined) {
      const at = axis.starts[selected] ?? 0;
      const place = layout.firstAt(row, axis.starts, at);
      const near = [row.ids[place], row.ids[place + 1]].filter((id) => id !== undefined);
      const distance = (id: number): number => Math.abs((axis.starts[id] ?? 0) - at);
      this.select(near.reduce((a, b) => (distance(b) < distance(a) ? b : a)));
    }
  }

  /** Steps along the order. */
  stepInOrder(step: number): void {
    const { view, selected, layout } = this.scene;
    const { order } = view.data;
    let place = (view.places[selected] ?? -1) + step;
    if (selected < 0) place = 0;
    while (place >= 0 && place < order.length) {
      const id = order[place] ?? -1;
      if ((layout.rowOf[id] ?? -1) >= 0) {
        this.select(id);
        return;
      }
      place += step;
    }
  }

  /** Steps through what the search found. */
  stepFound(step: number): void {
    const { filters, layout, selected } = this.scene;
    const found = filters.found.filter((id) => (layout.rowOf[id] ?? -1) >= 0);
    const next =
      step > 0
        ? (found.find((id) => id > selected) ?? found[0])
        : (found.findLast((id) => id < selected) ?? found.at(-1));
    if (next !== undefined) this.select(next);
  }

  zoom(factor: number, pixel: number = this.scene.port.width / 2): void {
    this.scene.port.zoomAt(pixel, factor);
    this.draw();
  }

  fit(): void {
    this.scene.port.fit();
    this.draw();
  }

  /** Shows the pinned operation large. */
  zoomToSelected(): void {
    const { axis, port, selected } = this.scene;
    if (selected < 0) return;
    port.show(axis.starts[selected] ?? 0, axis.ends[selected] ?? 0);
    this.draw();
  }

  /** Shows what is wrong: the answer that nothing explains, with as much of the core as fits. */
  jump(): void {
    const { view, axis, port, layout } = this.scene;
    const { stuck, core, named } = view.data;
    const target = stuck >= 0 ? stuck : (core.at(-1) ?? -1);
    if (target < 0 || (layout.rowOf[target] ?? -1) < 0) return;
    const isShown = (id: number): boolean => (layout.rowOf[id] ?? -1) >= 0;
    const last = core.length > 0 ? [] : view.data.order.slice(-4);
    // As much as can still be read: all that the sentences speak of, the core, or the one answer.
    const stretches = [[...core, ...named, ...last], [...core, ...last], []].map((ids) =>
      this.#stretch([target, ...ids.filter(isShown)]),
    );
    const [from, to] = stretches.find(([low, high]) => high - low <= 160) ??
      stretches.at(-1) ?? [0, 1];
    port.show(axis.at(from), axis.at(to));
    this.select(target);
  }

  /** Shows what the filters leave, as large as it fits. */
  showShown(): void {
    const { axis, port, layout } = this.scene;
    const shown = layout.rows.flatMap(({ ids }) => [...ids]);
    const [from, to] = this.#stretch(shown);
    if (shown.length > 0) port.show(axis.at(from), axis.at(to));
    this.draw();
  }

  /** What is in view, to come back to it. */
  get place(): Place {
    const { axis, port } = this.scene;
    return { isByTime: axis.isByTime, left: port.left, scale: port.scale };
  }

  /** Shows again what was in view; all of it, if the axis has changed meanwhile. */
  goBackTo({ isByTime, left, scale }: Place): void {
    const { axis, port } = this.scene;
    if (axis.isByTime === isByTime) port.showAt(left, scale);
    else port.fit();
    this.draw();
  }

  /** Shows as much of the beginning as can be read. */
  showBeginning(): void {
    const { axis, port, view } = this.scene;
    if (view.data.events > 140) port.show(axis.low, axis.at(70));
    this.draw();
  }

  setByTime(isByTime: boolean): void {
    const { scene } = this;
    const { view, port } = scene;
    const middle = this.#middleEvent();
    const share = (port.right - port.left) / (port.high - port.low);
    scene.axis = new Axis(view, isByTime);
    port.setRange(scene.axis.low, scene.axis.high);
    if (share < 0.999) {
      port.zoomAt(0, 1 / share);
      port.panBy(port.toPixel(scene.axis.starts[middle] ?? 0) - port.width / 2);
    }
    this.overview.renew();
    this.draw();
  }

  /** Lays the rows out anew, after the filters have changed. */
  refilter(isPacked: boolean = this.scene.layout.isPacked): void {
    const { scene } = this;
    const { filters, view } = scene;
    scene.layout = new RowLayout(view, (id) => filters.isShown(id), isPacked);
    const key = filters.onlyKey;
    scene.lane = new StateLane(view, key >= 0 && view.data.lane !== -1 ? key : view.data.lane);
    this.#setSpacer();
    this.overview.renew();
    if (scene.selected >= 0) this.#details.show(scene.selected);
    this.draw();
  }

  /** The operation under a pixel of the picture, or -1. */
  operationAt(x: number, y: number): number {
    const { layout, axis, port, sizes, scrollTop } = this.scene;
    const head = heightOfHead(this.scene);
    if (x < sizes.gutter || y < head) return -1;
    const row = layout.rows[Math.floor((y - head + scrollTop) / sizes.row)];
    if (row === undefined) return -1;
    const at = port.toAxis(x - sizes.gutter);
    const slack = 3 / port.scale;
    const place = layout.firstAt(row, axis.starts, at + slack);
    for (const id of [row.ids[place], row.ids[place + 1]]) {
      if (id === undefined) continue;
      const isIn = (axis.starts[id] ?? 0) - slack <= at && at <= (axis.ends[id] ?? 0) + slack;
      if (isIn) return id;
    }
    return -1;
  }

  #frame(): void {
    this.#isAsked = false;
    this.scene.scrollTop = this.#parts.get("scroller").scrollTop;
    const ratio = this.#parts.page.devicePixelRatio;
    this.painter.draw(ratio);
    this.overview.draw(ratio);
    this.#isSettled = true;
    // The list can wait until the picture stands still.
    this.#parts.page.requestAnimationFrame(() => {
      if (this.#isSettled && !this.#isAsked) this.#list.update();
    });
  }

  #reveal(id: number): void {
    const { layout, axis, port, sizes, height } = this.scene;
    const row = layout.rowOf[id] ?? -1;
    if (row < 0) return;
    port.reveal(axis.starts[id] ?? 0, axis.ends[id] ?? 0);
    const scroller = this.#parts.get("scroller");
    const shown = height - heightOfHead(this.scene);
    const top = row * sizes.row;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + sizes.row > scroller.scrollTop + shown) {
      scroller.scrollTop = top + sizes.row - shown;
    }
  }

  /** Events from the first begin to the last end of these operations, and some around them. */
  #stretch(ids: readonly number[]): [number, number] {
    const { view } = this.scene;
    const from = ids.reduce((least, id) => Math.min(least, view.starts[id] ?? 0), Infinity);
    const to = ids.reduce((most, id) => Math.max(most, view.ends[id] ?? 0), 0);
    const more = Math.max(3, (24 - (to - from)) / 2);
    return [Math.max(0, from - more), Math.min(view.data.events, to + more)];
  }

  #firstInView(): number {
    const { layout, axis, port } = this.scene;
    const [first, last] = this.painter.rowsInView();
    for (let row = first; row <= last; row++) {
      for (const id of layout.rows[row]?.ids ?? []) {
        if ((axis.ends[id] ?? 0) >= port.left) return id;
      }
    }
    return -1;
  }

  /** The first operation that begins right of the middle. */
  #middleEvent(): number {
    const { axis, port } = this.scene;
    const middle = (port.left + port.right) / 2;
    return Math.max(
      0,
      axis.starts.findIndex((start) => start >= middle),
    );
  }

  #setSpacer(): void {
    const { layout, height: shown } = this.scene;
    const head = heightOfHead(this.scene);
    this.scene.sizes = sizesOfPicture(layout.rows.length, shown - head);
    const height = head + layout.rows.length * this.scene.sizes.row;
    this.#parts.get("spacer").style.setProperty("height", `${height}px`);
  }

  #canvas(id: string): PageCanvas {
    const canvas = this.#parts.get(id).getContext("2d");
    if (canvas === null) throw new Error("the browser draws no canvas");
    return canvas;
  }

  #colours(): Colours {
    const { page } = this.#parts;
    const style = page.getComputedStyle(page.document.documentElement);
    const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    return {
      paper: read("paper"),
      panel: read("panel"),
      ink: read("ink"),
      muted: read("muted"),
      rule: read("rule"),
      bar: read("bar"),
      "bar-edge": read("bar-edge"),
      dead: read("dead"),
      "dead-edge": read("dead-edge"),
      unsure: read("unsure"),
      "unsure-edge": read("unsure-edge"),
      core: read("core"),
      "core-edge": read("core-edge"),
      stuck: read("stuck"),
      "stuck-edge": read("stuck-edge"),
      point: read("point"),
      focus: read("focus"),
      match: read("match"),
    };
  }
}
