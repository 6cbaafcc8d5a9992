import {
  asEditor,
  FIRST_TREE_PAGE,
  formatHeader,
  formatSpacePage,
  HEADER_BYTES,
  META_LEVEL,
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  pageId,
  type PageId,
  type PageMemory,
  type PageSpot,
  type PageView,
  setInUse,
  SPACE_PAGE,
} from "../storage/index.ts";
import { assert } from "../task/assert.ts";
import { formatPage } from "./format-page.ts";
import { type TreeParameters, treeParameters } from "./limits.ts";
import { REDO_SET_ROOT } from "./redo-codes.ts";

// The meta page, after the header: root, page size, most entries, format number.
const ROOT_AT = HEADER_BYTES;
const PAGE_SIZE_AT = HEADER_BYTES + 4;
const MOST_ENTRIES_AT = HEADER_BYTES + 8;
const FORMAT_AT = HEADER_BYTES + 12;
/** Bytes of the meta page after the header; all others are 0. */
export const META_BODY_BYTES = 16;

/** The number of the page format that docs/page-format.md describes. */
export const PAGE_FORMAT = 2;

/** The page that the tree hangs from. */
export function rootOf(meta: PageView): PageId {
  return pageId(meta.view.getUint32(ROOT_AT, true));
}

/** As {@link rootOf}. */
export function rootIn({ view, at }: PageSpot): PageId {
  return pageId(view.getUint32(at + ROOT_AT, true));
}

export function setRoot(meta: PageEditor, root: PageId): void {
  const redo = meta.redo;
  if (redo?.begin(REDO_SET_ROOT) === true) redo.u32(root);
  meta.view.setUint32(ROOT_AT, root, true);
}

/** The number of the page format the tree was made with. */
export function pageFormatOf(meta: PageView): number {
  return meta.view.getUint32(FORMAT_AT, true);
}

/**
 * The parameters that the tree was made with.
 *
 * @throws LatchworkError BAD_PAGE_SIZE or BAD_CAPACITY if the bytes are not a meta page's.
 */
export function parametersOf(meta: PageView): TreeParameters {
  const pageSize = meta.view.getUint32(PAGE_SIZE_AT, true);
  return treeParameters(pageSize, meta.view.getUint32(MOST_ENTRIES_AT, true));
}

/** Makes `meta` the meta page of a tree with the given root. */
export function formatMetaPage(meta: PageEditor, params: TreeParameters, root: PageId): void {
  formatHeader(meta, META_PAGE, META_LEVEL);
  setRoot(meta, root);
  meta.view.setUint32(PAGE_SIZE_AT, params.pageSize, true);
  meta.view.setUint32(MOST_ENTRIES_AT, params.mostEntries, true);
  meta.view.setUint32(FORMAT_AT, PAGE_FORMAT, true);
}

/**
 * Lays out an empty tree in empty memory: meta page, space page, and one leaf as root, in pages 0
 * to 2. For a tree that no other task can see yet; it takes no latch and writes no log.
 */
export function formatNewTree(memory: PageMemory, params: TreeParameters): void {
  assert(memory.pageSize === params.pageSize, "the memory has the tree's page size");
  memory.ensure(FIRST_TREE_PAGE + 1);
  const space = asEditor(memory.frame(SPACE_PAGE));
  formatSpacePage(space);
  setInUse(space, FIRST_TREE_PAGE, true);
  formatMetaPage(asEditor(memory.frame(META_PAGE)), params, FIRST_TREE_PAGE);
  formatPage(asEditor(memory.frame(FIRST_TREE_PAGE)), {
    id: FIRST_TREE_PAGE,
    level: 0,
    low: new Uint8Array(0),
    high: null,
    left: NO_PAGE,
    right: NO_PAGE,
  });
}
