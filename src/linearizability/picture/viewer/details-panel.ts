import type { PageElement } from "./browser.ts";
import type { PageParts } from "./page-parts.ts";
import type { Scene } from "./scene.ts";

/** The details of the pinned operation, as text. */
export class DetailsPanel {
  readonly #parts: PageParts;
  readonly #scene: Scene;

  constructor(parts: PageParts, scene: Scene) {
    this.#parts = parts;
    this.#scene = scene;
  }

  show(id: number): void {
    const parts = this.#parts;
    const panel = parts.get("details");
    if (id < 0) {
      panel.replaceChildren(parts.make("p", "Click an operation, or press an arrow key.", "muted"));
      return;
    }
    const { view } = this.#scene;
    const list = parts.make("dl", "");
    for (const [name, text] of this.#facts(id)) {
      list.append(parts.make("dt", name), parts.make("dd", text));
    }
    panel.replaceChildren(parts.make("h3", view.label(id)), list, ...this.#neighbours(id));
  }

  #facts(id: number): [string, string][] {
    const { view, axis } = this.#scene;
    const { data } = view;
    const { invoked, returned } = data;
    const outcome = data.outcomes[id] ?? 0;
    const time = (event: number): string => {
      const at = data.times?.[event];
      return at === undefined ? "" : `, time +${at}`;
    };
    const from = invoked[id] ?? 0;
    const to = returned[id] ?? -1;
    const facts: [string, string][] = [
      ["client", view.processName(id)],
      ["recorded at", view.where(id)],
      ["invoked", `event ${from}${time(from)}`],
    ];
    const ends = [
      "returned",
      "failed: it did not happen",
      "outcome not known from",
      "never returned",
    ];
    facts.push([
      ends[outcome] ?? "returned",
      to < 0 ? `open until event ${view.ends[id] ?? data.events}` : `event ${to}${time(to)}`,
    ]);
    const place = view.places[id] ?? -1;
    if (place >= 0) {
      const moment = Math.floor(view.points[id] ?? 0);
      facts.push(["takes effect", `${place + 1} of ${data.order.length}, after event ${moment}`]);
      const whose = (data.key[id] ?? -1) >= 0 ? ` of ${data.keys[data.key[id] ?? 0] ?? ""}` : "";
      facts.push([`state${whose} before`, view.text(data.before[place] ?? -1) || "empty"]);
      facts.push([`state${whose} after`, view.text(data.after[place] ?? -1) || "empty"]);
    } else if (data.order.length > 0) facts.push(["takes effect", this.#whyNot(id, outcome)]);
    const name = view.names.get(id);
    if (name !== undefined) facts.push(["named", name]);
    if (view.isCore[id] === 1) facts.push(["core", "one of those that cannot all be explained"]);
    if (id === data.stuck) facts.push(["verdict", "no order explains this answer"]);
    if (axis.isByTime) {
      const length = (axis.ends[id] ?? 0) - (axis.starts[id] ?? 0);
      facts.push(["took", String(Number(length.toPrecision(12)))]);
    }
    return facts;
  }

  #whyNot(id: number, outcome: number): string {
    const { data } = this.#scene.view;
    if (outcome === 1) return "never: it failed";
    if (id === data.stuck) return "nowhere: no order explains it";
    if (data.kind === "not-linearizable") return "not in the part that the order explains";
    return outcome === 0 ? "judged key by key, at no one moment" : "the order does without it";
  }

  #neighbours(id: number): PageElement[] {
    const { view, layout } = this.#scene;
    const { order } = view.data;
    const place = view.places[id] ?? -1;
    const row = layout.rows[layout.rowOf[id] ?? -1]?.ids ?? [];
    const at = layout.placeOf[id] ?? 0;
    const lists: [string, readonly (number | undefined)[]][] = [
      ["before it in the order", place > 0 ? [order[place - 1]] : []],
      ["after it in the order", place >= 0 ? [order[place + 1]] : []],
      ["before it in the row", at > 0 ? [row[at - 1]] : []],
      ["after it in the row", [row[at + 1]]],
    ];
    const { shown, count } = this.#overlapping(id);
    const most = count > shown.length ? ` (${shown.length} of ${count})` : "";
    lists.push([`at the same time${most}`, shown]);
    return lists.flatMap(([title, ids]) => this.#links(title, ids));
  }

  #links(title: string, ids: readonly (number | undefined)[]): PageElement[] {
    const parts = this.#parts;
    const links = ids.filter((id) => id !== undefined);
    if (links.length === 0) return [];
    const { view } = this.#scene;
    const list = parts.make("ul", "");
    for (const id of links) {
      const item = parts.make("li", "");
      item.append(parts.link(view.listed(id), id));
      list.append(item);
    }
    return [parts.make("h4", title), list];
  }

  /** Operations that were open together with this one. O(operations), once a click. */
  #overlapping(id: number): { readonly shown: readonly number[]; readonly count: number } {
    const { view, layout } = this.#scene;
    const shown: number[] = [];
    let count = 0;
    for (let other = 0; other < view.count; other++) {
      if ((view.starts[other] ?? 0) > (view.ends[id] ?? 0)) break;
      const isApart = (view.ends[other] ?? 0) < (view.starts[id] ?? 0);
      if (isApart || other === id || (layout.rowOf[other] ?? -1) < 0) continue;
      count++;
      if (shown.length < 8) shown.push(other);
    }
    return { shown, count };
  }
}
