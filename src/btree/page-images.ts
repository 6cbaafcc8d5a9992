import type { PageView } from "../storage/index.ts";

/** How many buffers are kept for later: more are lent only while many operations split at once. */
const SPARE_MAX = 64;

/** Copies of pages, in buffers that are lent and taken back, for all operations of one store. */
export class PageImages {
  readonly #pageSize: number;
  readonly #spare: Uint8Array[] = [];

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
  }

  /** A copy of the page as it is now, to be given back. */
  copyOf(page: PageView): Uint8Array {
    const image = this.#spare.pop() ?? new Uint8Array(this.#pageSize);
    image.set(page.bytes);
    return image;
  }

  giveBack(image: Uint8Array): void {
    if (this.#spare.length < SPARE_MAX) this.#spare.push(image);
  }
}
