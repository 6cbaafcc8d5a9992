import { assert } from "../task/assert.ts";
import { FIRST_TREE_PAGE, NO_PAGE, pageId, type PageId, SPACE_PAGE } from "./ids.ts";
import {
  FREE_FLAG,
  formatHeader,
  HEADER_BYTES,
  isFree,
  pageIdOf,
  rightOf,
  setFlag,
  setRight,
  SPACE_LEVEL,
} from "./page-header.ts";
import type { PageMemory } from "./page-memory.ts";
import { asEditor, type PageEditor, type PageView } from "./page-view.ts";

// The space page, after the header: head of the free list, first page never used, length of the
// list. Free pages are chained through their right links, the page freed last in front: it is the
// one most likely to be in a cache, and reuse at once is what finds reclamation bugs.
const FREE_HEAD_AT = HEADER_BYTES;
const NEVER_USED_AT = HEADER_BYTES + 4;
const FREE_COUNT_AT = HEADER_BYTES + 8;

/** Makes `space` the space page of a store with no page in use but the meta and the space page. */
export function formatSpacePage(space: PageEditor): void {
  formatHeader(space, SPACE_PAGE, SPACE_LEVEL);
  space.view.setUint32(NEVER_USED_AT, FIRST_TREE_PAGE, true);
}

/** The page freed last, or NO_PAGE. */
export function freeHeadOf(space: PageView): PageId {
  return pageId(space.view.getUint32(FREE_HEAD_AT, true));
}

/** The first page that has never been used; every page in use or free is below it. */
export function neverUsedOf(space: PageView): PageId {
  return pageId(space.view.getUint32(NEVER_USED_AT, true));
}

/** How many pages are on the free list. */
export function freeCountOf(space: PageView): number {
  return space.view.getUint32(FREE_COUNT_AT, true);
}

/**
 * Takes a page for use: the one freed last, or else one never used. Its bytes stay as they are, the
 * flag FREE included, until somebody formats it.
 *
 * @param look Shows the bytes of a free page, whose right link names the next one.
 */
export function takePage(space: PageEditor, look: (id: PageId) => PageView): PageId {
  const head = freeHeadOf(space);
  if (head === NO_PAGE) {
    const fresh = neverUsedOf(space);
    space.view.setUint32(NEVER_USED_AT, fresh + 1, true);
    return fresh;
  }
  const page = look(head);
  assert(isFree(page), "a page on the free list is free");
  space.view.setUint32(FREE_HEAD_AT, rightOf(page), true);
  space.view.setUint32(FREE_COUNT_AT, freeCountOf(space) - 1, true);
  return head;
}

/** Puts `page` on the free list. Everything but its right link and the flag FREE stays. */
export function putPage(space: PageEditor, page: PageEditor): void {
  const id = pageIdOf(page);
  assert(id >= FIRST_TREE_PAGE, "the meta page and the space page are never free");
  assert(!isFree(page), "a page is freed once");
  setFlag(page, FREE_FLAG, true);
  setRight(page, freeHeadOf(space));
  space.view.setUint32(FREE_HEAD_AT, id, true);
  space.view.setUint32(FREE_COUNT_AT, freeCountOf(space) + 1, true);
}

/**
 * The free pages of a PageMemory.
 *
 * It keeps no state of its own: all of it is in the space page and in the free pages, so restoring
 * the memory restores the free list. It takes no latch; the caller holds the space page's.
 */
export class FreePages {
  readonly #memory: PageMemory;
  readonly #look: (id: PageId) => PageView;

  constructor(memory: PageMemory) {
    this.#memory = memory;
    this.#look = (id) => memory.frame(id);
  }

  /** How many pages are free. */
  get count(): number {
    return freeCountOf(this.#memory.frame(SPACE_PAGE));
  }

  /** Takes a page for use, growing the memory when there is none. Amortised O(1). */
  allocate(): PageId {
    const id = takePage(asEditor(this.#memory.frame(SPACE_PAGE)), this.#look);
    this.#memory.ensure(id + 1);
    return id;
  }

  /** Gives page `id` back. Requires: nobody can reach it any more. O(1). */
  free(id: PageId): void {
    putPage(asEditor(this.#memory.frame(SPACE_PAGE)), asEditor(this.#memory.frame(id)));
  }

  /** The free pages, the one to be used next first. Stops at the list's length, cycle or not. */
  *[Symbol.iterator](): Generator<PageId, void, void> {
    const space = this.#memory.frame(SPACE_PAGE);
    let id = freeHeadOf(space);
    for (let left = freeCountOf(space); left > 0 && id !== NO_PAGE; left--) {
      yield id;
      id = rightOf(this.#memory.frame(id));
    }
  }
}
