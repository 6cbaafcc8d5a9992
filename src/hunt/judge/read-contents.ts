import { childAt, countOf, isLeaf, readKeyInto, readValueInto, rootOf } from "../../btree/index.ts";
import {
  HALF_DEAD_FLAG,
  hasFlag,
  META_PAGE,
  NO_PAGE,
  type PageSource,
  rightOf,
} from "../../storage/index.ts";
import { numberOf } from "../scenario/index.ts";

/** Called with an entry of a tree. */
export type EntryVisitor = (key: number, value: number) => void;

const scratch = new Uint8Array(64);

/**
 * Visits all entries of a tree at rest along its leaf chain, without allocating. Requires: the tree
 * passed its check, and its keys and values are scenario numbers.
 */
export function visitContents(memory: PageSource, visit: EntryVisitor): void {
  let page = memory.frame(rootOf(memory.frame(META_PAGE)));
  while (!isLeaf(page)) page = memory.frame(childAt(page, 0));
  for (;;) {
    // What a half-dead page held is in its left sibling.
    const count = hasFlag(page, HALF_DEAD_FLAG) ? 0 : countOf(page);
    for (let i = 0; i < count; i++) {
      readKeyInto(page, i, scratch, 0);
      const key = numberOf(scratch);
      readValueInto(page, i, scratch, 0);
      visit(key, numberOf(scratch));
    }
    const next = rightOf(page);
    if (next === NO_PAGE) return;
    page = memory.frame(next);
  }
}

/** The entries of a tree at rest, ascending: a key, its value, the next key. */
export type Entries = readonly number[];

/** As {@link visitContents}, all of them. */
export function entriesOf(memory: PageSource): Entries {
  const entries: number[] = [];
  visitContents(memory, (key, value) => entries.push(key, value));
  return entries;
}

/** The entries of a tree at rest, as {@link visitContents} gives them. */
export function readContents(memory: PageSource): Map<number, number> {
  const contents = new Map<number, number>();
  visitContents(memory, (key, value) => contents.set(key, value));
  return contents;
}
