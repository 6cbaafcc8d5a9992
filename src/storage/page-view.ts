import type { PageRedo } from "./page-redo.ts";

/**
 * A page's bytes as one latch holder sees them.
 *
 * `view` and `bytes` cover the same memory, exactly one page long. Neither may be kept
 * past the release of the page's latch.
 */
export interface PageView {
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

declare const editable: unique symbol;

/**
 * A page's bytes with the right to change them. Only a change group hands it out, so that no change
 * can escape the log.
 */
export interface PageEditor extends PageView {
  readonly [editable]: true;
  /** Where changes are noted for the log; absent or null where nothing is logged. */
  readonly redo?: PageRedo | null;
}

/**
 * Turns a view into an editor. For change groups only: whoever calls it promises that the page is
 * latched exclusively and that the change will be recorded.
 */
export function asEditor(page: PageView): PageEditor {
  return page as PageEditor;
}

/** The one class behind every page view, so that the code that reads pages stays monomorphic. */
export class PageFrame implements PageView {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Set while a change group edits the page under the latch of the whole tree. */
  redo: PageRedo | null = null;

  /** Looks at `pageSize` bytes of `buffer` from `offset`. */
  constructor(buffer: ArrayBufferLike, offset: number, pageSize: number) {
    this.view = new DataView(buffer, offset, pageSize);
    this.bytes = new Uint8Array(buffer, offset, pageSize);
  }
}
