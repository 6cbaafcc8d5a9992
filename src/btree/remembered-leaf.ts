import { NO_PAGE, type PageId } from "../storage/index.ts";
import type { PageHandle } from "./page-handle.ts";

/** The leaf that an operation came to last, and in which of its lives. A hint, and no more. */
export class RememberedLeaf {
  /** NO_PAGE where none is known. */
  page: PageId = NO_PAGE;
  /** Which life of that page id it was: one that is freed and used anew is another page. */
  incarnation = 0;

  /** Notes a leaf. Requires: it is held by its latch. */
  note(leaf: PageHandle): void {
    this.page = leaf.pageId;
    this.incarnation = leaf.incarnation;
  }

  forget(): void {
    this.page = NO_PAGE;
  }
}
