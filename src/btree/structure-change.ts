import {
  levelOf,
  NO_PAGE,
  type PageEditor,
  type PageId,
  pageIdOf,
  type PageView,
} from "../storage/index.ts";
import { formatPage } from "./format-page.ts";
import { insertChild, removeEntry } from "./node-edit.ts";
import { mergeInto } from "./node-merge.ts";
import { childAt, indexOfChild } from "./node-read.ts";
import { countOf, isLeaf } from "./page-layout.ts";

// The structure changes that all protocols share, on pages they have already made their own.

const NO_BYTES = new Uint8Array(0);

/** Makes `root` a new root over a page that was split and its new right half. */
export function formatRoot(
  root: PageEditor,
  rootId: PageId,
  left: PageView,
  separator: Uint8Array,
  right: PageId,
): void {
  const level = levelOf(left) + 1;
  const ends = { low: NO_BYTES, high: null, left: NO_PAGE, right: NO_PAGE };
  formatPage(root, { id: rootId, level, ...ends });
  insertChild(root, NO_BYTES, pageIdOf(left));
  insertChild(root, separator, right);
}

/** Moves a page's entries into its left sibling and takes its downlink out of their parent. */
export function absorb(parent: PageEditor, left: PageEditor, right: PageView): void {
  const index = indexOfChild(parent, pageIdOf(right));
  mergeInto(left, right);
  removeEntry(parent, index);
}

/** The only child of a root that chooses nothing any more, or null if the root still does. */
export function onlyChildOf(root: PageView): PageId | null {
  return !isLeaf(root) && countOf(root) === 1 ? childAt(root, 0) : null;
}
