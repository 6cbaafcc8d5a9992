import type { PageElement } from "./browser.ts";
import type { PageParts } from "./page-parts.ts";
import type { Place, Viewer } from "./viewer.ts";

/** The buttons and fields above the picture. */
export class Controls {
  readonly #parts: PageParts;
  readonly #viewer: Viewer;
  /** Names offered while one types into a filter; any other can be typed just as well. */
  readonly #names = 500;
  /** What was in view before the core alone was. */
  #before: Place | null = null;

  constructor(parts: PageParts, viewer: Viewer) {
    this.#parts = parts;
    this.#viewer = viewer;
    const { data } = viewer.scene.view;
    this.#offer("client-names", data.processes);
    this.#offer("key-names", data.keys);
    this.#onClick("by-order", () => this.setByTime(false));
    this.#onClick("by-time", () => this.setByTime(true));
    this.#onClick("zoom-in", () => viewer.zoom(1.5));
    this.#onClick("zoom-out", () => viewer.zoom(1 / 1.5));
    this.#onClick("fit", () => viewer.fit());
    this.#onClick("jump", () => viewer.jump());
    this.#onClick("core-only", () => this.toggleCore());
    this.#onClick("pack", () => this.togglePack());
    this.#onClick("help-open", () => this.toggleHelp());
    this.#onClick("help-close", () => this.toggleHelp());
    this.#onInput("search", (text) => this.search(text));
    this.#onInput("clients", (text) => this.#filter("clients", text));
    this.#onInput("keys", (text) => this.#filter("keys", text));
    for (const id of ["details", "view-list", "core-list"]) this.#onLinks(parts.get(id));
    this.#listCore();
    this.show();
  }

  setByTime(isByTime: boolean): void {
    if (isByTime && this.#viewer.scene.view.data.times === null) return;
    this.#viewer.setByTime(isByTime);
    this.show();
  }

  toggleCore(): void {
    const { filters, view } = this.#viewer.scene;
    if (view.data.core.length === 0) return;
    filters.isCoreOnly = !filters.isCoreOnly;
    if (filters.isCoreOnly) this.#before = this.#viewer.place;
    this.#viewer.refilter();
    if (filters.isCoreOnly) this.#viewer.showShown();
    else if (this.#before !== null) this.#viewer.goBackTo(this.#before);
    this.show();
  }

  togglePack(): void {
    this.#viewer.refilter(!this.#viewer.scene.layout.isPacked);
    this.show();
  }

  toggleHelp(): void {
    const help = this.#parts.get("help");
    help.hidden = !help.hidden;
    this.#parts.get(help.hidden ? "help-open" : "help-close").focus();
  }

  /** Closes, clears or unpins: whatever lies on top. */
  escape(): void {
    const search = this.#parts.get("search");
    if (!this.#parts.get("help").hidden) this.toggleHelp();
    else if (search.value !== "") {
      search.value = "";
      this.search("");
      this.#parts.get("scroller").focus();
    } else this.#viewer.select(-1);
  }

  search(text: string): void {
    const { filters, view } = this.#viewer.scene;
    filters.search(text);
    const found = filters.found.length;
    this.#parts.get("found").textContent =
      filters.isFound === null ? "" : `${found} of ${view.count}`;
    this.#viewer.draw();
  }

  /** Shows which buttons are on, and which are of use. */
  show(): void {
    const { axis, filters, layout, view } = this.#viewer.scene;
    const { times, core, stuck } = view.data;
    const press = (id: string, isOn: boolean): void =>
      this.#parts.get(id).setAttribute("aria-pressed", String(isOn));
    press("by-order", !axis.isByTime);
    press("by-time", axis.isByTime);
    press("core-only", filters.isCoreOnly);
    press("pack", layout.isPacked);
    this.#parts.get("by-time").disabled = times === null;
    this.#parts.get("core-only").disabled = core.length === 0;
    this.#parts.get("jump").disabled = stuck < 0 && core.length === 0;
  }

  #filter(id: "clients" | "keys", text: string): void {
    const { filters } = this.#viewer.scene;
    const unknown = id === "clients" ? filters.setClients(text) : filters.setKeys(text);
    const note =
      unknown.length === 0 ? "" : `no ${id === "clients" ? "client" : "key"} ${unknown[0]}`;
    this.#parts.get(`${id}-note`).textContent = note;
    this.#viewer.refilter();
  }

  #listCore(): void {
    const { view } = this.#viewer.scene;
    const { core, named } = view.data;
    const items = [...new Set([...named, ...core])].slice(0, 200).map((id) => {
      const item = this.#parts.make("li", "");
      const beside = view.isCore[id] === 1 ? "" : " · beside the core";
      item.append(this.#parts.link(`${view.listed(id)}${beside}`, id));
      return item;
    });
    this.#parts.get("core-list").replaceChildren(...items);
  }

  #offer(id: string, names: readonly string[]): void {
    const options = names.slice(0, this.#names).map((name) => {
      const option = this.#parts.make("option", "");
      option.value = name;
      return option;
    });
    this.#parts.get(id).replaceChildren(...options);
  }

  #onClick(id: string, act: () => void): void {
    this.#parts.get(id).addEventListener("click", act);
  }

  #onInput(id: string, act: (text: string) => void): void {
    const input = this.#parts.get(id);
    input.addEventListener("input", () => act(input.value));
  }

  #onLinks(list: PageElement): void {
    list.addEventListener("click", ({ target }) => {
      const id = target.dataset["operation"];
      if (id !== undefined) this.#viewer.select(Number(id));
    });
  }
}
