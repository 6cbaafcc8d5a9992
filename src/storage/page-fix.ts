import { type Fact, Step, type TaskId } from "../task/index.ts";
import { META_PAGE, type PageId } from "./ids.ts";
import type { PageFetch, PageStore } from "./page-store.ts";
import type { PageView } from "./page-view.ts";

/**
 * Pinning a page without latching it, as a step: for pages that another latch covers, or that
 * no other task can see yet.
 *
 *     if (fix.begin(id, "space page")) yield fix;
 *     const page = fix.page;
 *
 * One object serves one page after another; each stays pinned until it is unpinned.
 */
export class PageFix extends Step {
  /** Whether the step must be yielded before {@link page} is looked at. */
  pending = false;
  pageId: PageId = META_PAGE;
  /** What the page is to whoever fixes it, as `child`. */
  site = "";
  readonly #store: PageStore;
  #fetch: PageFetch | null = null;

  constructor(store: PageStore) {
    super();
    this.#store = store;
  }

  /** The page fixed last. Requires: `begin` returned false, or the step was taken. */
  get page(): PageView {
    return this.#store.frame(this.pageId);
  }

  /** Pins a page; true if it has to be brought in first, and the step to be yielded. */
  begin(id: PageId, site: string): boolean {
    this.pageId = id;
    this.site = site;
    this.pending = !this.#store.pin(id);
    if (!this.pending) {
      this.opened();
      return false;
    }
    this.#fetch = this.#store.fetch(id);
    this.dueAtMs = this.#fetch.dueAtMs;
    this.#fetch.join(this);
    return true;
  }

  override isEnabled(task: TaskId): boolean {
    if (this.#fetch === null) return true;
    this.dueAtMs = this.#fetch.dueAtMs;
    return this.#fetch.isEnabled(task);
  }

  /** @throws LatchworkError as the fetch does; then nothing is pinned. */
  override take(task: TaskId): boolean {
    const fetch = this.#fetch;
    if (fetch !== null && !fetch.take(task)) return false;
    this.#fetch = null;
    // It may have been evicted again, by whoever else was woken: then it is read anew.
    return !this.begin(this.pageId, this.site);
  }

  override fact(): Fact {
    return { kind: "page-fetch", page: this.pageId, site: this.site };
  }

  /** Hook: the page is pinned from now on. */
  protected opened(): void {}
}
