declare const pageIdBrand: unique symbol;
declare const lsnBrand: unique symbol;

/** The number of a page, from 0; its place in memory and in the file is `id * pageSize`. */
export type PageId = number & { readonly [pageIdBrand]: true };

/** A log sequence number: a whole number up to 2^53 - 1 that only ever grows. */
export type Lsn = number & { readonly [lsnBrand]: true };

/** Names page `id`. Requires: a whole number from 0 to 2^32 - 1. */
export function pageId(id: number): PageId {
  return id as PageId;
}

/** Names log position `position`. Requires: a whole number from 0 to 2^53 - 1. */
export function lsn(position: number): Lsn {
  return position as Lsn;
}

/** The page that names the root and the tree's parameters. */
export const META_PAGE: PageId = pageId(0);

/** The page that says which pages are free. */
export const SPACE_PAGE: PageId = pageId(1);

/** The first page that a tree may use for its own nodes. */
export const FIRST_TREE_PAGE: PageId = pageId(2);

/** "No page", in a link. It can be 0 because the meta page is never a sibling or a child. */
export const NO_PAGE: PageId = pageId(0);
