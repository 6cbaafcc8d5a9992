import { META_PAGE, type PageId } from "../storage/index.ts";

/** The pages by which an operation came down last, by level: leaf first. Hints, and no more. */
export class PathCache {
  /** Never truncated, only overwritten. */
  readonly #pages: PageId[] = [];
  #height = 0;

  /** How many levels are known. */
  get height(): number {
    return this.#height;
  }

  /** The page known at a level. Requires: below {@link height}. */
  at(level: number): PageId {
    return this.#pages[level] ?? META_PAGE;
  }

  /** Notes a page, the highest first. */
  note(level: number, page: PageId): void {
    while (this.#pages.length <= level) this.#pages.push(META_PAGE);
    this.#pages[level] = page;
    if (level >= this.#height) this.#height = level + 1;
  }

  clear(): void {
    this.#height = 0;
  }
}
