import type { HistoryView } from "./history-view.ts";

/** Which operations are shown, and which the search has found. */
export class Filters {
  isCoreOnly = false;
  /** Found operations, ascending; empty if nothing is searched for. */
  found: readonly number[] = [];
  isFound: Uint8Array | null = null;
  readonly #view: HistoryView;
  #clients: ReadonlySet<number> | null = null;
  #keys: ReadonlySet<number> | null = null;
  #labels: readonly string[] | null = null;

  constructor(view: HistoryView) {
    this.#view = view;
  }

  /** Takes names with commas between them; none means all. Gives what is no name. */
  setClients(text: string): readonly string[] {
    const { places, unknown } = this.#read(text, this.#view.data.processes);
    this.#clients = places;
    return unknown;
  }

  setKeys(text: string): readonly string[] {
    const { places, unknown } = this.#read(text, this.#view.data.keys);
    this.#keys = places;
    return unknown;
  }

  /** The one key that is shown, or -2 if there are several. */
  get onlyKey(): number {
    const [key = -2, ...more] = this.#keys ?? [];
    return more.length === 0 ? key : -2;
  }

  isShown(id: number): boolean {
    const { data, isAside } = this.#view;
    if (this.isCoreOnly && (isAside[id] ?? 0) > 0) return false;
    if (this.#clients !== null && !this.#clients.has(data.process[id] ?? -1)) return false;
    const key = data.key[id] ?? -1;
    // An operation on several keys may look at any of them.
    return this.#keys === null || key < -1 || this.#keys.has(key);
  }

  /** Finds operations whose line holds all the words, whatever their case. */
  search(text: string): void {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    this.found = [];
    this.isFound = null;
    if (words.length === 0) return;
    this.#labels ??= Array.from({ length: this.#view.count }, (_, id) =>
      `${this.#view.label(id)} ${this.#view.where(id)}`.toLowerCase(),
    );
    const found: number[] = [];
    const isFound = new Uint8Array(this.#view.count);
    for (const [id, label] of this.#labels.entries()) {
      if (!words.every((word) => label.includes(word))) continue;
      found.push(id);
      isFound[id] = 1;
    }
    this.found = found;
    this.isFound = isFound;
  }

  #read(
    text: string,
    names: readonly string[],
  ): { readonly places: ReadonlySet<number> | null; readonly unknown: readonly string[] } {
    const whole = text.trim();
    if (whole === "") return { places: null, unknown: [] };
    const parts = names.includes(whole) ? [whole] : whole.split(",").map((part) => part.trim());
    const places = new Set<number>();
    const unknown: string[] = [];
    for (const part of parts) {
      if (part === "") continue;
      const place = names.indexOf(part);
      if (place < 0) unknown.push(part);
      else places.add(place);
    }
    // While a name is being typed, nothing disappears.
    return { places: places.size === 0 ? null : places, unknown };
  }
}
