/**
 * Where pages live.
 *
 * A page is a fixed number of bytes in a typed array, shared with other threads or not; the same
 * bytes under the simulator, on the event loop and in a file. This folder knows the header that all
 * pages have in common (identity, log position, level, flags, sibling links, version) and which
 * pages are in use, and nothing of what else they hold.
 *
 * Invariants:
 * 1. Page 0 is the meta page and page 1 the space page; both always exist.
 * 2. Every page below the space page's "never used" mark is either in use or on the free list.
 * 3. A page's LSN and version never go back, not even when the page is freed and used anew.
 * 4. A frame is one object for one page for ever: memory grows by chunks, and nothing moves.
 *
 * Left out: eviction. PageMemory holds every page; a buffer pool with the same `frame` would not.
 */
export {
  FIRST_TREE_PAGE,
  lsn,
  type Lsn,
  META_PAGE,
  NO_PAGE,
  pageId,
  type PageId,
  SPACE_PAGE,
} from "./ids.ts";
export { asEditor, type PageEditor, PageFrame, type PageView } from "./page-view.ts";
export {
  checksumOf,
  flagsOf,
  formatHeader,
  FREE_FLAG,
  HALF_DEAD_FLAG,
  hasFlag,
  HEADER_BYTES,
  HIGH_IS_INFINITE_FLAG,
  HIGHEST_LEVEL,
  INCOMPLETE_SPLIT_FLAG,
  isFree,
  leftOf,
  levelOf,
  lsnOf,
  META_LEVEL,
  pageIdOf,
  rightOf,
  setChecksum,
  setFlag,
  setFlags,
  setLeft,
  setLevel,
  setLsn,
  setPageId,
  setRight,
  setVersion,
  SPACE_LEVEL,
  versionOf,
} from "./page-header.ts";
export { type MemorySnapshot, PageMemory, type PageMemoryOptions } from "./page-memory.ts";
export {
  FIRST_TREE_REDO,
  PageRedo,
  REDO_SET_FLAGS,
  REDO_SET_IN_USE,
  REDO_SET_LEFT,
  REDO_SET_RIGHT,
  RedoReader,
} from "./page-redo.ts";
export type { PageFetch, PageSource, PageStore } from "./page-store.ts";
export {
  formatSpacePage,
  freeCountOf,
  freeHeadOf,
  FreePages,
  neverUsedOf,
  putPage,
  takePage,
} from "./free-pages.ts";
