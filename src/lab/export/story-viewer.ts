/** What the script asks of a browser. The rest of the project is compiled without its types. */
export interface StoryWindow {
  readonly document: {
    readonly body: StoryElement;
    getElementById(id: string): StoryElement | null;
    querySelectorAll(query: string): Iterable<StoryElement>;
    addEventListener(type: "keydown", listener: (event: StoryKey) => void): void;
  };
  readonly location: { readonly hash: string };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  addEventListener(type: "hashchange", listener: () => void): void;
}

interface StoryElement {
  readonly id: string;
  readonly tagName: string;
  readonly classList: {
    toggle(name: string, force?: boolean): boolean;
    contains(name: string): boolean;
  };
  readonly offsetTop: number;
  readonly clientHeight: number;
  scrollTop: number;
  textContent: string | null;
  hidden: boolean;
  disabled: boolean;
  open: boolean;
  value: string;
  max: string;
  querySelector(query: string): StoryElement | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  addEventListener(type: "click" | "input", listener: () => void): void;
}

interface StoryKey {
  readonly key: string;
  readonly target: StoryElement;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  preventDefault(): void;
}

/**
 * Steps through the page of a story. Its compiled text is put into the page, so it refers to
 * nothing but its argument and the language's own objects.
 */
export class StoryViewer {
  readonly #page: StoryWindow;
  readonly #steps: readonly StoryElement[];
  readonly #links: readonly StoryElement[];
  #at = -1;
  #isStepping = true;

  constructor(page: StoryWindow) {
    this.#page = page;
    this.#steps = [...page.document.querySelectorAll("article.step")];
    this.#links = [...page.document.querySelectorAll("#list a")];
    for (const step of this.#steps) {
      const details = step.querySelector("details");
      if (details !== null) details.open = true;
    }
    this.#get("tools").hidden = false;
    this.#get("scrub").max = String(this.#steps.length - 1);
    this.#listen();
    this.#setStepping(true);
    this.#show(Math.max(0, this.#indexOf(page.location.hash)));
  }

  #listen(): void {
    const actions: readonly (readonly [id: string, to: () => number])[] = [
      ["first", (): number => 0],
      ["before", (): number => this.#event(-1)],
      ["back", (): number => this.#at - 1],
      ["next", (): number => this.#at + 1],
      ["after", (): number => this.#event(1)],
      ["last", (): number => this.#steps.length - 1],
    ];
    for (const [id, to] of actions) {
      this.#get(id).addEventListener("click", () => this.#go(to()));
    }
    const keys = new Map<string, () => number>([
      ["Home", (): number => 0],
      [",", (): number => this.#event(-1)],
      ["ArrowLeft", (): number => this.#at - 1],
      ["ArrowRight", (): number => this.#at + 1],
      [".", (): number => this.#event(1)],
      ["End", (): number => this.#steps.length - 1],
    ]);
    const scrub = this.#get("scrub");
    scrub.addEventListener("input", () => this.#go(Number(scrub.value)));
    this.#get("all").addEventListener("click", () => this.#setStepping(!this.#isStepping));
    this.#page.addEventListener("hashchange", () => {
      const at = this.#indexOf(this.#page.location.hash);
      if (at >= 0) this.#show(at);
    });
    this.#page.document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const to = keys.get(event.key);
      // The scrub bar has arrows of its own, and where text scrolls, they are for that.
      const isTaken = event.target.tagName === "INPUT" || event.target.tagName === "PRE";
      if (event.key === "a") this.#setStepping(!this.#isStepping);
      else if (to !== undefined && !isTaken && this.#isStepping) {
        event.preventDefault();
        this.#go(to());
      }
    });
  }

  #get(id: string): StoryElement {
    const found = this.#page.document.getElementById(id);
    if (found === null) throw new Error(`the page lacks ${id}`);
    return found;
  }

  #indexOf(hash: string): number {
    return this.#steps.findIndex(({ id }) => `#${id}` === hash);
  }

  /** The nearest step in a direction at which something happens. */
  #event(direction: 1 | -1): number {
    let at = this.#at + direction;
    while (this.#steps[at]?.classList.contains("plain") === true) at += direction;
    return at;
  }

  /** Shows one step at a time, or all one below the other. */
  #setStepping(isStepping: boolean): void {
    this.#isStepping = isStepping;
    this.#page.document.body.classList.toggle("stepping", isStepping);
    this.#get("all").setAttribute("aria-pressed", String(!isStepping));
  }

  #show(wanted: number): void {
    const last = this.#steps.length - 1;
    const at = Math.min(Math.max(wanted, 0), last);
    if (at === this.#at) return;
    this.#mark(this.#at, false);
    this.#at = at;
    this.#mark(at, true);
    this.#get("scrub").value = String(at);
    const what = this.#links[at]?.textContent;
    this.#get("where").textContent = `${this.#number(at)} of ${this.#number(last)}: ${what}`;
    for (const id of ["first", "before", "back"]) this.#get(id).disabled = at === 0;
    for (const id of ["next", "after", "last"]) this.#get(id).disabled = at === last;
  }

  /** Goes to a step, and lets the address say so. */
  #go(wanted: number): void {
    this.#show(wanted);
    const step = this.#steps[this.#at];
    if (step !== undefined) this.#page.history.replaceState(null, "", `#${step.id}`);
  }

  /** The number of a step in its run, of which some may be left out. */
  #number(at: number): string {
    return this.#steps[at]?.querySelector(".number")?.textContent ?? "";
  }

  #mark(at: number, isShown: boolean): void {
    this.#steps[at]?.classList.toggle("shown", isShown);
    const link = this.#links[at];
    if (link === undefined) return;
    if (!isShown) {
      link.removeAttribute("aria-current");
      return;
    }
    link.setAttribute("aria-current", "step");
    const list = this.#get("list");
    list.scrollTop = link.offsetTop - list.clientHeight / 2;
  }
}

/** The page's script: the compiled text of the viewer, and its start. */
export function storyScript(): string {
  return `"use strict";\nnew (${StoryViewer.toString()})(globalThis);`;
}
