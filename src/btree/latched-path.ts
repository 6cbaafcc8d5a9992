import { assert } from "../task/index.ts";
import type { WriteGuard } from "./page-guard.ts";

/**
 * The exclusively latched pages of one descent, top-down: the meta page or the lowest safe page
 * first, the leaf last. A page that was latched together with its left sibling has that beside it.
 */
export class LatchedPath {
  readonly #pages: WriteGuard[] = [];
  readonly #lefts: (WriteGuard | null)[] = [];

  get length(): number {
    return this.#pages.length;
  }

  /** The page reached so far. Requires: the path is not empty. */
  get last(): WriteGuard {
    const page = this.#pages.at(-1);
    assert(page !== undefined, "a descent has begun");
    return page;
  }

  /** The page at a depth, or null above the first that is still latched. */
  at(depth: number): WriteGuard | null {
    return this.#pages[depth] ?? null;
  }

  /** The left sibling latched with the page at a depth, or null. */
  leftOf(depth: number): WriteGuard | null {
    return this.#lefts[depth] ?? null;
  }

  clear(): this {
    this.#pages.length = 0;
    this.#lefts.length = 0;
    return this;
  }

  push(page: WriteGuard, left: WriteGuard | null = null): void {
    this.#pages.push(page);
    this.#lefts.push(left);
  }

  /** Releases everything on the path, top-down: what comes next does not reach up here. */
  releaseAll(): void {
    for (let depth = 0; depth < this.#pages.length; depth++) {
      this.#lefts[depth]?.release();
      this.#pages[depth]?.release();
    }
    this.clear();
  }
}
