import type { PageElement, PageWindow } from "./browser.ts";

/** The elements of the page by their ids: each of them is there, or the page is broken. */
export class PageParts {
  readonly page: PageWindow;

  constructor(page: PageWindow) {
    this.page = page;
  }

  get(id: string): PageElement {
    const element = this.page.document.getElementById(id);
    if (element === null) throw new Error(`the page has no element ${id}`);
    return element;
  }

  /** An element with a text in it. */
  make(name: string, text: string, className = ""): PageElement {
    const element = this.page.document.createElement(name);
    element.textContent = text;
    if (className !== "") element.className = className;
    return element;
  }

  /** A button that leads to an operation. */
  link(text: string, id: number): PageElement {
    const button = this.make("button", text, "op");
    button.setAttribute("type", "button");
    button.dataset["operation"] = String(id);
    return button;
  }
}
