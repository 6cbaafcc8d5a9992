import type { ChangeGroup } from "./change-group.ts";
import type { TreeParameters } from "./limits.ts";
import { removeEntry } from "./node-edit.ts";
import { isRootLeaf, isSafeForDelete } from "./node-fit.ts";
import { find, search } from "./node-search.ts";
import type { WriteHandle } from "./page-handle.ts";
import { countOf } from "./page-layout.ts";
import { fitsInPlace, type PutRule, writeInPlace, writes } from "./put-rule.ts";
import type { RunWrite, WriteRun } from "./write-run.ts";

/**
 * Makes the next write of a run in a leaf; false, and nothing is done, if that would split the leaf
 * or might empty it so far that it has to merge. Nothing here waits.
 *
 * Requires: the leaf is held exclusively and covers the key of the write. O(log n).
 */
export function writeInLeaf(
  change: ChangeGroup,
  leaf: WriteHandle,
  params: TreeParameters,
  run: WriteRun,
): boolean {
  const write = run.next;
  const outcome =
    write.kind === "delete"
      ? deleteInPlace(change, leaf, params, write)
      : putInPlace(change, leaf, params, write);
  if (outcome === null) return false;
  run.answer(outcome);
  return true;
}

/** What a put or insert answers; null if the leaf has to be split for it. */
function putInPlace(
  change: ChangeGroup,
  leaf: WriteHandle,
  params: TreeParameters,
  { kind, key, value }: RunWrite,
): boolean | null {
  const rule: PutRule = kind === "put" ? "overwrite" : "if-absent";
  const index = search(leaf, key);
  if (writes(rule, index)) {
    if (!fitsInPlace(leaf, params, index, key, value)) return null;
    writeInPlace(change, leaf, params, key, value, index);
  }
  return index < 0;
}

/** What a delete answers; null if the leaf may have to be merged, before it or after it. */
function deleteInPlace(
  change: ChangeGroup,
  leaf: WriteHandle,
  params: TreeParameters,
  { key }: RunWrite,
): boolean | null {
  const isRoot = isRootLeaf(leaf);
  const index = find(leaf, key);
  if (index < 0) return isRoot || countOf(leaf) > 0 ? false : null;
  if (!isSafeForDelete(leaf, params, isRoot)) return null;
  removeEntry(change.edit(leaf), index);
  return true;
}
