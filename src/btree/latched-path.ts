import { assert } from "../task/index.ts";
import type { WriteHandle } from "./page-handle.ts";

/**
 * The exclusively latched pages of one descent, top-down: the meta page or the lowest safe page
 * first, the leaf last. A page that was latched together with its left sibling has that beside it.
 */
export class LatchedPath {
  // Never truncated, only overwritten: a descent clears the path on almost every page.
  readonly #pages: WriteHandle[] = [];
  readonly #lefts: (WriteHandle | null)[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The page reached so far. Requires: the path is not empty. */
  get last(): WriteHandle {
    const page = this.#pages[this.#length - 1];
    assert(page !== undefined, "a descent has begun");
    return page;
  }

  /** The page at a depth, or null above the first that is still latched. */
  at(depth: number): WriteHandle | null {
    return depth >= 0 && depth < this.#length ? (this.#pages[depth] ?? null) : null;
  }

  /** The left sibling latched with the page at a depth, or null. */
  leftOf(depth: number): WriteHandle | null {
    return depth >= 0 && depth < this.#length ? (this.#lefts[depth] ?? null) : null;
  }

  clear(): this {
    this.#length = 0;
    return this;
  }

  push(page: WriteHandle, left: WriteHandle | null = null): void {
    this.#pages[this.#length] = page;
    this.#lefts[this.#length] = left;
    this.#length++;
  }

  /** Releases everything on the path, top-down: what comes next does not reach up here. */
  releaseAll(): void {
    for (let depth = 0; depth < this.#length; depth++) {
      this.#lefts[depth]?.release();
      this.#pages[depth]?.release();
    }
    this.clear();
  }
}
