import type { PageElement, PageEvent } from "./browser.ts";
import type { PageParts } from "./page-parts.ts";
import type { Viewer } from "./viewer.ts";

/** The mouse: the wheel zooms, dragging pans, a click pins, and hovering shows a summary. */
export class Pointer {
  readonly #viewer: Viewer;
  readonly #scroller: PageElement;
  readonly #tip: PageElement;
  /** Where the drag is now, and whether it has moved at all; null between drags. */
  #drag: { x: number; y: number; hasMoved: boolean } | null = null;
  #isInOverview = false;

  constructor(parts: PageParts, viewer: Viewer) {
    this.#viewer = viewer;
    this.#scroller = parts.get("scroller");
    this.#tip = parts.get("tip");
    const picture = parts.get("picture");
    picture.addEventListener("pointerdown", (event) => this.#down(event, picture));
    picture.addEventListener("pointermove", (event) => this.#move(event, picture));
    picture.addEventListener("pointerup", (event) => this.#up(event, picture));
    picture.addEventListener("pointercancel", () => (this.#drag = null));
    picture.addEventListener("pointerleave", () => this.#hover(-1, 0, 0));
    picture.addEventListener("wheel", (event) => this.#wheel(event, picture), { passive: false });
    this.#scroller.addEventListener("scroll", () => viewer.draw());
    const overview = parts.get("overview");
    overview.addEventListener("pointerdown", (event) => {
      overview.setPointerCapture(event.pointerId);
      this.#isInOverview = true;
      this.#centre(event, overview);
    });
    overview.addEventListener("pointermove", (event) => {
      if (this.#isInOverview) this.#centre(event, overview);
    });
    overview.addEventListener("pointerup", () => (this.#isInOverview = false));
    overview.addEventListener("pointercancel", () => (this.#isInOverview = false));
  }

  #down(event: PageEvent, picture: PageElement): void {
    if (event.button !== 0) return;
    picture.setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, hasMoved: false };
  }

  #move(event: PageEvent, picture: PageElement): void {
    const drag = this.#drag;
    if (drag === null) {
      const { left, top } = picture.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      this.#hover(this.#viewer.operationAt(x, y), x, y);
      return;
    }
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.hasMoved && Math.abs(x) + Math.abs(y) < 4) return;
    this.#viewer.scene.port.panBy(-x);
    this.#scroller.scrollTop -= y;
    this.#drag = { x: event.clientX, y: event.clientY, hasMoved: true };
    this.#viewer.draw();
  }

  #up(event: PageEvent, picture: PageElement): void {
    const drag = this.#drag;
    this.#drag = null;
    if (drag === null || drag.hasMoved) return;
    const { left, top } = picture.getBoundingClientRect();
    this.#viewer.select(this.#viewer.operationAt(event.clientX - left, event.clientY - top));
    this.#scroller.focus({ preventScroll: true });
  }

  #wheel(event: PageEvent, picture: PageElement): void {
    const { left } = picture.getBoundingClientRect();
    const { sizes, port } = this.#viewer.scene;
    const pixel = event.clientX - left - sizes.gutter;
    const line = event.deltaMode === 1 ? 16 : 1;
    // Over the names of the clients the wheel scrolls the rows, as everywhere else.
    if (pixel < 0) return;
    event.preventDefault();
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways || event.shiftKey) {
      port.panBy((isSideways ? event.deltaX : event.deltaY) * line);
      this.#viewer.draw();
    } else this.#viewer.zoom(2 ** (-event.deltaY * line * 0.004), pixel);
  }

  #hover(id: number, x: number, y: number): void {
    const { scene } = this.#viewer;
    const tip = this.#tip;
    tip.hidden = id < 0;
    if (id >= 0) {
      const { view } = scene;
      const place = view.places[id] ?? -1;
      const before = view.text(view.data.before[place] ?? -1);
      const after = view.text(view.data.after[place] ?? -1);
      const states =
        place < 0 ? "" : before === after ? `\nstate ${after}` : `\nstate ${before} → ${after}`;
      tip.textContent = `${view.label(id)}  client ${view.processName(id)}${states}`;
      tip.style.setProperty("left", `${Math.min(x + 14, Math.max(0, scene.width - 330))}px`);
      tip.style.setProperty("top", `${y + 20}px`);
    }
    if (id === scene.hovered) return;
    scene.hovered = id;
    this.#viewer.draw();
  }

  #centre(event: PageEvent, overview: PageElement): void {
    const { left } = overview.getBoundingClientRect();
    const { port } = this.#viewer.scene;
    const at = this.#viewer.overview.toAxis(event.clientX - left);
    port.panBy(port.toPixel(at) - port.width / 2);
    this.#viewer.draw();
  }
}
