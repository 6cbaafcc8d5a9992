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
    const { count, ids } = this.#inView(60);
    const { view, layout, selected } = this.#scene;
    const many = count < 2000 ? String(count) : "more than 2000";
    const of = layout.shown < view.count ? `${layout.shown} shown, ` : "";
    this.#parts.get("status").textContent =
      `${many} in view; ${of}${view.count} operations, ${layout.rows.length} rows`;
    const now = `${selected} ${ids.join(" ")}`;
    if (now === this.#last) return;
    this.#last = now;
    const items = ids.map((id) => {
      const item = this.#parts.make("li", "");
      const link = this.#parts.link(view.listed(id), id);
      if (id === selected) link.setAttribute("aria-current", "true");
      item.append(link);
      return item;
    });
    this.#parts.get("view-list").replaceChildren(...items);
    const title = `In view${count > ids.length ? `: the first ${ids.length}` : ""}`;
    this.#parts.get("view-title").textContent = title;
  }

  /** How many operations are in view, and the first `most` of them. */
  #inView(most: number): { readonly count: number; readonly ids: readonly number[] } {
    const { layout, axis, port } = this.#scene;
    const [first, last] = this.#painter.rowsInView();
    const ids: number[] = [];
    let count = 0;
    for (let row = first; row <= last; row++) {
      const shown = layout.rows[row];
      if (shown === undefined) continue;
      let from = layout.firstAt(shown, axis.starts, port.left);
      let to = layout.firstAt(shown, axis.starts, port.right);
      // The first may end before the view, and even begin behind it.
      if ((axis.ends[shown.ids[from] ?? 0] ?? 0) < port.left) from++;
      if ((axis.starts[shown.ids[to] ?? 0] ?? 0) > port.right) to--;
      count += Math.max(0, to - from + 1);
      ids.push(...shown.ids.slice(from, Math.min(to + 1, from + most)));
    }
    return { count, ids: ids.toSorted((a, b) => a - b).slice(0, most) };
  }
}
