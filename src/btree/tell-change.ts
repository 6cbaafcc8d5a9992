import type { ChangeGroup } from "./change-group.ts";

// Reports to a listener how the shape of a tree changes. Without one, no fact is made.

/** The upper entries of a page, from a separator on, went to a fresh page on its right. */
export function tellSplit(
  { driver }: ChangeGroup,
  page: number,
  separator: Uint8Array,
  into: number,
): void {
  if (!driver.isTold) return;
  driver.tell({ kind: "page-split", page, into, separator: separator.slice() });
}

/** The entries of a page went to its left sibling. */
export function tellMerge({ driver }: ChangeGroup, page: number, into: number): void {
  if (driver.isTold) driver.tell({ kind: "page-merged", page, into });
}

/** Another page is the root now. */
export function tellRoot({ driver }: ChangeGroup, page: number): void {
  if (driver.isTold) driver.tell({ kind: "root-changed", page });
}
