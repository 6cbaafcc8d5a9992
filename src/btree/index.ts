/**
 * The B+ tree: its pages, what can be done with one of them, and what protocols are written with.
 *
 * What is done with a page is a plain function over bytes: it takes no latch, yields no step,
 * allocates next to nothing, and never keeps a view. Latch protocols call it while they hold what
 * it touches. They reach pages by handles (see {@link PageHandle}), which an operation gives, and
 * change them in change groups.
 *
 * A page covers the keys from its low fence up to, but not including, its high fence. All its keys
 * therefore share what the two fences share, and leave it out (prefix truncation, Bayer and
 * Unterauer 1977; fences after Graefe, "Write-optimized B-trees", 2004). Each slot holds the first
 * four bytes of the rest of its key as one number, so that most steps of a search touch no cell
 * (Graefe and Larson 2001). An inner page's entry i is a child and the least key it covers; entry 0
 * is keyed by the page's own low fence, so splits and merges treat inner pages and leaves alike.
 *
 * Invariants of a page that no task is changing:
 * 1. Keys ascend strictly, and low <= key < high.
 * 2. The first key of an inner page equals its low fence.
 * 3. The prefix is the longest that the fences share; it is empty if there is no high fence.
 * 4. Slots, free gap, cells and fences do not overlap, and dead bytes plus live cells fill the cell
 *    area exactly.
 * 5. No entry is larger than largestEntryOfPage, so one split always makes room for one more.
 *
 * Invariants of handles, of which there are four kinds (latched, covered, optimistic, instant):
 * 6. A page's bytes are reached only through a held handle, which keeps the page in memory.
 * 7. A page is changed only in an open change group, through a handle held exclusively under the
 *    page's own latch or one that covers it. That is committed or aborted before the release.
 * 8. An optimistic handle holds no latch and is never writable. What it read counts only if the
 *    version of the page's latch is the one that was taken, and no task holds it exclusively.
 * 9. An instant handle holds no latch, and is open within one segment: its page's latch is free
 *    when it is opened, and nobody can come to it before it is released.
 *
 * Invariants of a tree at rest are those that the check lists.
 *
 * A protocol may leave pages without a downlink between operations, where a crash or a fault came
 * in between: half dead, or the right half of a split. The first space page says so, and under any
 * other protocol such a tree is finished before it is used ({@link finishTree}).
 * Another page of the kind is no exception but the rule in foster trees: there splits are finished
 * by later writers, and left links are not kept, which the first space page says, too.
 *
 * Pages may be in memory or not. An operation pins what it touches, through a handle, before it
 * looks at it, and a change group keeps what its pages looked like before, so that a read which
 * fails halfway leaves nothing behind. Each function that changes a page notes itself for the log
 * in the page's redo; applyRedo runs the same functions again.
 *
 * Several writes can go down together, sorted by key ({@link WriteRun}): those of one leaf are made
 * under one latch, in one change group.
 *
 * Left out: overflow pages (a long value is rejected), duplicate keys, suffix compression beyond
 * the separators, and redistribution between siblings (pages split and merge, and never borrow).
 */
export type { LinkFigures } from "./link-counts.ts";
export { type Aim, atKey, belowBound } from "./aim.ts";
export { isDead } from "./link-pages.ts";
export { advanceRun, writeAtOnce, writeOne } from "./advance-run.ts";
export { type AtOnce, PagesAtOnce } from "./at-once.ts";
export { CachedPathAtOnce } from "./cached-path.ts";
export { byteAt, commonPrefixLength, compareBytes, copyOut, shortestSeparator } from "./bytes.ts";
export { buildTree, type LeafEntry } from "./build-tree.ts";
export {
  type CheckOptions,
  type CheckReport,
  checkTree,
  drawnLines,
  type DrawnMark,
  type DrawnPage,
  type DrawnTree,
  drawnTree,
  drawTree,
  isReadable,
  TreeChecker,
} from "./check/index.ts";
export { applyRedo } from "./apply-redo.ts";
export { type ChangeGroup } from "./change-group.ts";
export { CountingLog } from "./counting-log.ts";
export { describePage, type NamedPages, roleOfPage } from "./describe-page.ts";
export { formatPage, type PageShape } from "./format-page.ts";
export { oneLatchOnly, preOrder } from "./latch-orders.ts";
export {
  checkEntry,
  checkKey,
  LARGEST_PAGE_BYTES,
  largestEntryOfPage,
  longestKeyOfPage,
  maxEntryBytes,
  maxKeyBytes,
  maxValueBytes,
  SMALLEST_PAGE_BYTES,
  type TreeParameters,
  treeParameters,
} from "./limits.ts";
export { HeldStructure } from "./held-structure.ts";
export { finishTree } from "./finish-tree.ts";
export {
  formatMetaPage,
  formatNewTree,
  PAGE_FORMAT,
  pageFormatOf,
  parametersOf,
  rootOf,
  setRoot,
} from "./meta-page.ts";
export { insertChild, insertEntry, removeEntry, replaceValue, setChild } from "./node-edit.ts";
export {
  entryBytes,
  hasRoomFor,
  hasRoomToReplace,
  isSafeForDelete,
  isSafeForInsert,
  isUnderfull,
} from "./node-fit.ts";
export { mergeFits, mergeInto } from "./node-merge.ts";
export {
  childAt,
  copyHighFence,
  copyKey,
  copyLowFence,
  copyValue,
  indexOfChild,
  keyLengthAt,
  readKeyInto,
  readValueInto,
  valueLengthAt,
} from "./node-read.ts";
export {
  childIndexBelow,
  childIndexFor,
  compareKeyAt,
  compareLowFence,
  covers,
  find,
  isBelowHighFence,
  lowerBound,
} from "./node-search.ts";
export type { LatchedPath } from "./latched-path.ts";
export { Operation } from "./operation.ts";
export { absorb } from "./page-change.ts";
export { OptimisticPage } from "./optimistic-page.ts";
export { PageGuard } from "./page-guard.ts";
export type { PageHandle, WriteHandle } from "./page-handle.ts";
export type { Protocol, ProtocolPromises, ScanPromise } from "./protocol.ts";
export {
  BLink,
  Crabbing,
  CrabbingPathCache,
  Foster,
  LaninShasha,
  OptimisticCoupling,
  OptimisticCrabbing,
  protocolNamed,
  PROTOCOLS,
  SxTree,
  TreeMutex,
  TreeMutexDurable,
  TreeReadWrite,
} from "./protocols/index.ts";
export type { PutRule } from "./put-rule.ts";
export { emitLeaf, type RowSink, type ScanRange } from "./scan-range.ts";
export { atOnceOf, partsOf, type Shortcuts, withShortcuts } from "./shortcuts.ts";
export { StructureChange } from "./structure-change.ts";
export { TopDown } from "./top-down.ts";
export { TreeStore, type TreeStoreOptions, type TreeStoreParts } from "./tree-store.ts";
export { type RunWrite, type WriteKind, WriteRun } from "./write-run.ts";
export { type IncomingEntry, splitPage } from "./node-split.ts";
export {
  bodyBytesOf,
  countOf,
  freeBytesOf,
  hasInfiniteHigh,
  isLeaf,
  prefixLengthOf,
  usedBytesOf,
} from "./page-layout.ts";
