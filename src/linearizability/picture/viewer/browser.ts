/** What the viewer asks of a browser. The rest of the project is compiled without its types. */
export interface PageWindow {
  readonly document: PageDocument;
  readonly devicePixelRatio: number;
  requestAnimationFrame(draw: () => void): number;
  getComputedStyle(element: PageElement): { getPropertyValue(name: string): string };
  matchMedia(query: string): { addEventListener(type: "change", listener: () => void): void };
  readonly ResizeObserver: new (changed: () => void) => { observe(element: PageElement): void };
}

export interface PageDocument {
  readonly documentElement: PageElement;
  getElementById(id: string): PageElement | null;
  createElement(name: string): PageElement;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

export interface PageElement {
  readonly id: string;
  readonly tagName: string;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly style: { setProperty(name: string, value: string): void };
  readonly dataset: Record<string, string | undefined>;
  textContent: string | null;
  className: string;
  hidden: boolean;
  disabled: boolean;
  value: string;
  width: number;
  height: number;
  scrollTop: number;
  append(...nodes: (PageElement | string)[]): void;
  replaceChildren(...nodes: PageElement[]): void;
  setAttribute(name: string, value: string): void;
  focus(options?: { readonly preventScroll: boolean }): void;
  setPointerCapture(pointer: number): void;
  getBoundingClientRect(): { readonly left: number; readonly top: number };
  getContext(kind: "2d"): PageCanvas | null;
  addEventListener(
    type: string,
    listener: (event: PageEvent) => void,
    options?: { readonly passive: boolean },
  ): void;
}

/** A pointer, wheel or keyboard event: fields of the others are undefined in each. */
export interface PageEvent {
  readonly target: PageElement;
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly button: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly pointerId: number;
  preventDefault(): void;
}

/** What is drawn on. */
export interface PageCanvas {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineJoin: "round" | "miter";
  globalAlpha: number;
  font: string;
  textBaseline: "middle" | "alphabetic";
  textAlign: "left" | "right" | "center";
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  save(): void;
  restore(): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  setLineDash(lengths: readonly number[]): void;
}
