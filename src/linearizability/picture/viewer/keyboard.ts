import type { PageEvent } from "./browser.ts";
import type { Controls } from "./controls.ts";
import type { PageParts } from "./page-parts.ts";
import type { Viewer } from "./viewer.ts";

/** The keys. Letters work everywhere but in a text field; arrows where they move nothing else. */
export class Keyboard {
  readonly #parts: PageParts;
  readonly #viewer: Viewer;
  readonly #keys: ReadonlyMap<string, () => void>;

  constructor(parts: PageParts, viewer: Viewer, controls: Controls) {
    this.#parts = parts;
    this.#viewer = viewer;
    this.#keys = new Map<string, () => void>([
      ["ArrowLeft", () => viewer.stepInRow(-1)],
      ["ArrowRight", () => viewer.stepInRow(1)],
      ["ArrowUp", () => viewer.stepRow(-1)],
      ["ArrowDown", () => viewer.stepRow(1)],
      [",", () => viewer.stepInOrder(-1)],
      [".", () => viewer.stepInOrder(1)],
      ["n", () => viewer.stepFound(1)],
      ["N", () => viewer.stepFound(-1)],
      ["+", () => viewer.zoom(1.5)],
      ["=", () => viewer.zoom(1.5)],
      ["-", () => viewer.zoom(1 / 1.5)],
      ["0", () => viewer.fit()],
      ["z", () => viewer.zoomToSelected()],
      ["e", () => viewer.jump()],
      ["c", () => controls.toggleCore()],
      ["o", () => controls.setByTime(!viewer.scene.axis.isByTime)],
      ["p", () => controls.togglePack()],
      ["?", () => controls.toggleHelp()],
      ["/", () => parts.get("search").focus()],
      ["Escape", () => controls.escape()],
    ]);
    parts.page.document.addEventListener("keydown", (event) => this.#down(event));
  }

  #down(event: PageEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target.tagName === "INPUT") {
      this.#inField(event);
      return;
    }
    const isInPicture = target.id === "scroller" || target.tagName === "BODY";
    if (key.startsWith("Arrow") && !isInPicture) return;
    const act = this.#keys.get(key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  #inField(event: PageEvent): void {
    const { target, key } = event;
    if (key === "Enter" && target.id === "search") {
      event.preventDefault();
      this.#viewer.stepFound(event.shiftKey ? -1 : 1);
    } else if (key === "Escape") {
      if (target.id === "search" && target.value !== "") this.#keys.get("Escape")?.();
      else this.#parts.get("scroller").focus();
    }
  }
}
