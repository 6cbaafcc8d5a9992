/**
 * Where pages live: in frames while they are used, in a file otherwise.
 *
 * A page is a fixed number of bytes in a typed array; the same bytes under the simulator, on the
 * event loop and in a file. This folder knows the header that all pages have in common (identity,
 * log position, level, flags, sibling links, version) and which pages are in use, and nothing of
 * what else they hold. PageMemory keeps every page for ever; BufferPool keeps the most used and a
 * Cleaner writes the changed ones. Both are a PageStore, and a tree cannot distinguish them.
 *
 * Invariants:
 * 1. Page 0 is the meta page and page 1 the first space page; both always exist.
 * 2. With no change group open, a page is in use if and only if its bit on a space page is set.
 * 3. A page that is freed is used anew at once, or once every operation that began before has
 *    ended: that is the protocol's reclamation policy, and until then the page keeps its bytes.
 * 4. A page's version never goes back, not even when the page is freed and used anew.
 * 5. A page stays in its frame while it is pinned, dirty, being written, or promised to a task that
 *    waits for its read. Whoever latches a page pins it, so a latched page never moves.
 * 6. A page goes to the file as a copy, taken under its latch, and only after the log is durable up
 *    to the copy's LSN. At most one write of a page is under way: writes of it keep their order.
 * 7. A page is clean from the moment it is copied: a change made during the write dirties it anew.
 * 8. A page comes out of the file only if its checksum and its number are right: else BAD_PAGE.
 * 9. The pool never waits for a frame; if no page may be evicted, it goes over its limit.
 * 10. The pool's table, the writes of pages and the free pages are objects to the host, and every
 *     access to them is declared. The bytes of a page are shared under its latch.
 *
 * Why 9: a task asks for a frame while it holds latches, as crabbing holds the parent when it
 * fetches the child. If every frame is dirty, a frame becomes free only by cleaning; the cleaner
 * latches the page it copies; and that page may be one which the waiting task holds exclusively,
 * or one held by a task that waits for a frame too. That is a cycle, and no latch order forbids it,
 * for frames have no order. So frames are never waited for. How far the pool goes over its limit is
 * bounded all the same: by the pages that the operations under way have pinned or changed, because
 * a new operation, which holds nothing yet, first helps to clean while the pool is over.
 *
 * Left out: reading ahead and writing neighbours together (one page, one request); scan-resistant
 * eviction (the clock has one bit); retries (what a failed write means is for the log to say); real
 * files, which need Node: the room drivers has them.
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
  flagsIn,
  flagsOf,
  formatHeader,
  HALF_DEAD_FLAG,
  hasFlag,
  HEADER_BYTES,
  HIGH_IS_INFINITE_FLAG,
  HIGHEST_LEVEL,
  INCOMPLETE_SPLIT_FLAG,
  UNLINKED_FLAG,
  leftOf,
  levelOf,
  lsnIn,
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
export type { BlockCodec } from "./block-codec.ts";
export { BufferPool } from "./buffer-pool.ts";
export type { BufferPoolOptions } from "./pool-options.ts";
export type { WriteWaiter } from "./page-writes.ts";
export { type Checksum, crc32, pageFault, pagePlace, sealPage, verifyPage } from "./checksum.ts";
export { Cleaner, type CleanerOptions } from "./cleaner.ts";
export { BYTES_BESIDE_A_PAGE, framesIn } from "./frame-supply.ts";
export { MemoryContents, MemoryDisk } from "./memory-disk.ts";
export { murmur3 } from "./murmur3.ts";
export { PoolFrames } from "./pool-frames.ts";
export { type PoolStats, PageWrite } from "./pool-slot.ts";
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
export { PageSpot } from "./page-spot.ts";
export { PageFix } from "./page-fix.ts";
export { applyCommonRedo } from "./apply-common-redo.ts";
export { RECLAMATIONS, type Reclamation, RetiredPages, type Ticket } from "./retired-pages.ts";
export { SpaceMap, type SpaceSnapshot } from "./space-map.ts";
export {
  formatSpacePage,
  highestInUse,
  hasStaleLeftLinks,
  isInUse,
  isSpacePage,
  mayBeUnfinished,
  pagesOfSpacePage,
  setInUse,
  setMayBeUnfinished,
  setStaleLeftLinks,
  spacePageFor,
  spacePageProblem,
} from "./space-pages.ts";
