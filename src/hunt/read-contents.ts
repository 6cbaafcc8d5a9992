import { childAt, countOf, isLeaf, readKeyInto, readValueInto, rootOf } from "../btree/index.ts";
import { META_PAGE, NO_PAGE, type PageSource, rightOf } from "../storage/index.ts";
import { numberOf } from "./numbers.ts";

const scratch = new Uint8Array(64);

/**
 * Reads all entries of a tree at rest from its leaf chain. Requires: the tree passed its check, and
 * its keys and values are scenario numbers.
 */
export function readContents(memory: PageSource): Map<number, number> {
  const contents = new Map<number, number>();
  let page = memory.frame(rootOf(memory.frame(META_PAGE)));
  while (!isLeaf(page)) page = memory.frame(childAt(page, 0));
  for (;;) {
    for (let i = 0; i < countOf(page); i++) {
      readKeyInto(page, i, scratch, 0);
      const key = numberOf(scratch);
      readValueInto(page, i, scratch, 0);
      contents.set(key, numberOf(scratch));
    }
    const next = rightOf(page);
    if (next === NO_PAGE) return contents;
    page = memory.frame(next);
  }
}
