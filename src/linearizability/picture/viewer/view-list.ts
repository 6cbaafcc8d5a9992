import type { PageParts } from "./page-parts.ts";
import type { Painter } from "./painter.ts";
import type { Scene } from "./scene.ts";

/** The operations in view as a list of text, for those who cannot see the picture. */
export class ViewList {
  readonly #parts: PageParts;
  readonly #scene: Scene;
  readonly #painter: Painter;
  #last = "";

  constructor(parts: PageParts, scene: Scene, painter: Painter) {
    this.#parts = parts;
    this.#scene = scene;
    this.#painter = painter;
  }

  /** Lists the first operations in view, in order of invocation, unless they are listed already. */
  update(): void {
    const ids = this.#idsInView(2000);
    const listed = ids.slice(0, 60);
    const { view, layout, selected } = this.#scene;
    const many = ids.length < 2000 ? String(ids.length) : "more than 2000";
    const of = layout.shown < view.count ? `${layout.shown} shown, ` : "";
    this.#parts.get("status").textContent =
      `${many} in view; ${of}${view.count} operations, ${layout.rows.length} rows`;
    const now = `${selected} ${listed.join(" ")}`;
    if (now === this.#last) return;
    this.#last = now;
    const items = listed.map((id) => {
      const item = this.#parts.make("li", "");
      const link = this.#parts.link(view.listed(id), id);
      if (id === selected) link.setAttribute("aria-current", "true");
      item.append(link);
      return item;
    });
    this.#parts.get("view-list").replaceChildren(...items);
    const title = `In view${ids.length > listed.length ? `: the first ${listed.length}` : ""}`;
    this.#parts.get("view-title").textContent = title;
  }

  #idsInView(max: number): number[] {
    const { layout, axis, port } = this.#scene;
    const [first, last] = this.#painter.rowsInView();
    const ids: number[] = [];
    for (let row = first; row <= last; row++) {
      const told = layout.rows[row];
      if (told === undefined) continue;
      for (let at = layout.firstAt(told, axis.starts, port.left); at < told.ids.length; at++) {
        const id = told.ids[at] ?? 0;
        if ((axis.starts[id] ?? 0) > port.right || ids.length >= max) break;
        if ((axis.ends[id] ?? 0) >= port.left) ids.push(id);
      }
    }
    return ids.toSorted((a, b) => a - b);
  }
}
