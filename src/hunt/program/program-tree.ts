import type { NamedPages, TreeStore } from "../../btree/index.ts";
import type { PageSource } from "../../storage/index.ts";

/** One tree of a program, as checks and stories look at it: the only one, or a partition's. */
export interface ProgramTree {
  /** Which partition it is; null where there is one tree. */
  readonly partition: number | null;
  readonly store: TreeStore;
  /** Its pages as they are now. */
  readonly pages: PageSource & NamedPages["memory"];
}

/** What a page is called: `4`, or `1/4` for page 4 of partition 1. */
export function pageName(partition: number | null, page: number): string {
  return partition === null ? String(page) : `${partition}/${page}`;
}
