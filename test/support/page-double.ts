import { createContext, runInContext } from "node:vm";

interface Happening {
  readonly [field: string]: unknown;
}

/** An element as far as the viewer needs one. */
export class ElementDouble {
  readonly tagName: string;
  readonly id: string;
  readonly style = { setProperty: (): void => {} };
  readonly dataset: Record<string, string> = {};
  readonly attributes = new Map<string, string>();
  children: (ElementDouble | string)[] = [];
  clientWidth = 1000;
  clientHeight = 600;
  textContent = "";
  className = "";
  hidden = false;
  disabled = false;
  value = "";
  width = 0;
  height = 0;
  scrollTop = 0;
  readonly drawn: string[] = [];
  readonly #listeners = new Map<string, ((event: Happening) => void)[]>();

  constructor(tagName: string, id = "") {
    this.tagName = tagName.toUpperCase();
    this.id = id;
  }

  get text(): string {
    const inside = this.children.map((child) => (typeof child === "string" ? child : child.text));
    return [this.textContent, ...inside].filter((text) => text !== "").join("\n");
  }

  append(...nodes: (ElementDouble | string)[]): void {
    this.children.push(...nodes);
  }

  replaceChildren(...nodes: ElementDouble[]): void {
    this.children = nodes;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  focus(): void {}
  setPointerCapture(): void {}

  getBoundingClientRect(): { left: number; top: number } {
    return { left: 0, top: 0 };
  }

  /** A canvas that notes the texts drawn on it, and takes everything else. */
  getContext(): object {
    const { drawn } = this;
    return new Proxy(
      {
        measureText: (text: string) => ({ width: text.length * 7 }),
        fillText: (text: string) => drawn.push(text),
      },
      {
        get: (target, name) => Reflect.get(target, name) ?? ((): void => {}),
        set: () => true,
      },
    );
  }

  addEventListener(type: string, listener: (event: Happening) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  fire(type: string, event: Happening = {}): void {
    const happening = { target: this, preventDefault: (): void => {}, ...event };
    for (const listener of this.#listeners.get(type) ?? []) listener(happening);
  }
}

/** A page without a browser: runs the page's script in a world that holds nothing else. */
export class PageDouble {
  readonly document: ElementDouble;
  readonly #elements = new Map<string, ElementDouble>();
  #frames: (() => void)[] = [];

  constructor(html: string) {
    this.document = new ElementDouble("document");
    for (const [, name = "", id = ""] of html.matchAll(/<(\w+)[^>]*? id="([\w-]+)"/g)) {
      this.#elements.set(id, new ElementDouble(name, id));
    }
    this.get("help").hidden = true;
    const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
    this.get("data").textContent = scripts[0]?.[2] ?? "";
    const document = Object.assign(this.document, {
      documentElement: new ElementDouble("html"),
      getElementById: (id: string) => this.#elements.get(id) ?? null,
      createElement: (name: string) => new ElementDouble(name),
    });
    runInContext(
      scripts[1]?.[2] ?? "",
      createContext({
        document,
        devicePixelRatio: 1,
        requestAnimationFrame: (draw: () => void) => this.#frames.push(draw),
        getComputedStyle: () => ({ getPropertyValue: () => "#000" }),
        matchMedia: () => ({ addEventListener: (): void => {} }),
        ResizeObserver: class {
          observe(): void {}
        },
      }),
    );
    this.frame();
  }

  get(id: string): ElementDouble {
    const element = this.#elements.get(id);
    if (element === undefined) throw new Error(`no element ${id}`);
    return element;
  }

  /** Draws until the picture stands still. */
  frame(): void {
    while (this.#frames.length > 0) {
      const frames = this.#frames;
      this.#frames = [];
      for (const draw of frames) draw();
    }
  }

  press(key: string, on: ElementDouble = this.get("scroller")): void {
    this.document.fire("keydown", { key, target: on });
    this.frame();
  }

  click(id: string): void {
    this.get(id).fire("click");
    this.frame();
  }

  type(id: string, text: string): void {
    this.get(id).value = text;
    this.get(id).fire("input");
    this.frame();
  }
}
