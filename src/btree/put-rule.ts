import type { PageView } from "../storage/index.ts";
import type { ChangeGroup } from "./change-group.ts";
import type { TreeParameters } from "./limits.ts";
import { insertEntry, removeEntry, replaceValue } from "./node-edit.ts";
import { hasRoomFor, hasRoomToReplace } from "./node-fit.ts";
import { find } from "./node-search.ts";
import type { WriteHandle } from "./page-handle.ts";

/**
 * What writing an entry means, stated here for every protocol.
 *
 * | rule        | the key is absent   | the key is there               |
 * |-------------|---------------------|--------------------------------|
 * | `overwrite` | it gets the value   | the value takes the old one's place |
 * | `if-absent` | it gets the value   | nothing changes                |
 *
 * Both answer whether the key was absent. `put` is the first, `insert` the second. Whether the key
 * is there is looked up under the very latch under which the entry is written.
 */
export type PutRule = "overwrite" | "if-absent";

/** Whether a rule writes anything, where `find` gave `index` for the key. */
export function writes(rule: PutRule, index: number): boolean {
  return index < 0 || rule === "overwrite";
}

/** Whether an entry can be written without a split; `index` is what `find` gave. O(1). */
export function fitsInPlace(
  leaf: PageView,
  params: TreeParameters,
  index: number,
  key: Uint8Array,
  value: Uint8Array,
): boolean {
  if (index >= 0 && hasRoomToReplace(leaf, index, value.length)) return true;
  return hasRoomFor(leaf, params, key.length, value.length);
}

/**
 * Writes an entry into a leaf that need not split for it; false if it must, and then the leaf has
 * no entry of that key any more. `index` is what `find` gives for the key, if it is known already.
 */
export function writeInPlace(
  change: ChangeGroup,
  leaf: WriteHandle,
  params: TreeParameters,
  key: Uint8Array,
  value: Uint8Array,
  index: number = find(leaf, key),
): boolean {
  if (index >= 0) {
    if (hasRoomToReplace(leaf, index, value.length)) {
      replaceValue(change.edit(leaf), index, value);
      return true;
    }
    removeEntry(change.edit(leaf), index);
  }
  if (!hasRoomFor(leaf, params, key.length, value.length)) return false;
  insertEntry(change.edit(leaf), key, value);
  return true;
}
