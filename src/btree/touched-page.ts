import {
  asEditor,
  HEADER_BYTES,
  HIGHEST_LEVEL,
  levelOf,
  META_LEVEL,
  META_PAGE,
  type PageEditor,
  PageFrame,
  type PageId,
  PageRedo,
  type PageView,
} from "../storage/index.ts";
import { assert } from "../task/index.ts";
import type { PageChange } from "../wal/index.ts";
import { META_BODY_BYTES } from "./meta-page.ts";
import type { WriteHandle } from "./page-handle.ts";
import { cellStartOf, countOf, slotAt } from "./page-layout.ts";

const NO_FRAME = new PageFrame(new ArrayBuffer(0), 0, 0);

/** One page of a change group, as the log and an abort need it. Reused by later groups. */
export class TouchedPage implements PageChange {
  id: PageId = META_PAGE;
  page: PageView = NO_FRAME;
  readonly redo: PageRedo = new PageRedo();
  /** What edits go through: the page's handle, or for a space page its frame. */
  editor: PageEditor = asEditor(NO_FRAME);
  /** The page's handle; null for a space page, which has no latch. */
  handle: WriteHandle | null = null;
  /** The bytes as they were before the group; null if nothing is to be put back. */
  image: Uint8Array | null = null;
  /** Whether the group took the page for use. */
  isAllocated = false;
  /** Whether the group frees the page: then its bytes mean nothing, and are not logged. */
  isFreed = false;

  get unusedFrom(): number {
    const level = levelOf(this.page);
    if (level === META_LEVEL) return HEADER_BYTES + META_BODY_BYTES;
    return level <= HIGHEST_LEVEL ? slotAt(countOf(this.page)) : this.page.bytes.length;
  }

  get unusedTo(): number {
    return levelOf(this.page) <= HIGHEST_LEVEL ? cellStartOf(this.page) : this.page.bytes.length;
  }

  /** Makes it stand for a page. Requires: the page is in memory and pinned. */
  begin(id: PageId, page: PageView, handle: WriteHandle | null, noting: boolean): void {
    this.id = id;
    this.page = page;
    this.handle = handle;
    this.editor = asEditor(handle ?? page);
    this.isAllocated = false;
    this.isFreed = false;
    if (noting) this.#note(this.redo);
  }

  /** Puts the bytes back as they were before the group. */
  restore(): void {
    if (this.image !== null) this.page.bytes.set(this.image);
  }

  /** Forgets the page. The image goes back to its lender. */
  end(noted: boolean): void {
    if (noted) this.#note(null);
    this.handle = null;
    this.image = null;
  }

  #note(redo: PageRedo | null): void {
    redo?.reset();
    if (this.handle !== null) {
      this.handle.redo = redo;
      return;
    }
    assert(this.page instanceof PageFrame, "pages in memory lie in frames");
    this.page.redo = redo;
  }
}
