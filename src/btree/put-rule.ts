import type { PageView } from "../storage/index.ts";
import type { ChangeGroup } from "./change-group.ts";
import type { TreeParameters } from "./limits.ts";
import { insertEntryAt, removeEntry, replaceValue } from "./node-edit.ts";
import { hasRoomFor, hasRoomToReplace, isRootLeaf, isSafeForDelete } from "./node-fit.ts";
import { find, search } from "./node-search.ts";
import type { Operation } from "./operation.ts";
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

/** Whether a rule writes anything, where `search` gave `index` for the key. */
export function writes(rule: PutRule, index: number): boolean {
  return index < 0 || rule === "overwrite";
}

/** Whether an entry can be written without a split; `index` is what `search` gave. O(1). */
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
 * Writes an entry as its rule says, in a group of its own that is committed at once, if that
 * changes nothing but the leaf. Gives whether the key was absent; null if the leaf has no room,
 * and then nothing was done.
 */
export function writeInLeaf(
  op: Operation,
  leaf: WriteHandle,
  key: Uint8Array,
  value: Uint8Array,
  rule: PutRule,
  index: number = search(leaf, key),
): boolean | null {
  const { params } = op.store;
  if (writes(rule, index)) {
    if (!fitsInPlace(leaf, params, index, key, value)) return null;
    const change = op.changeAtOnce();
    writeInPlace(change, leaf, params, key, value, index);
    change.commit();
  }
  return index < 0;
}

/**
 * Removes a key in a group of its own, committed at once, if that changes nothing but the leaf.
 * Gives whether it was there; null if the leaf might have to merge, and then nothing was done.
 */
export function removeFromLeaf(op: Operation, leaf: WriteHandle, key: Uint8Array): boolean | null {
  const index = find(leaf, key);
  if (index < 0) return false;
  if (!isSafeForDelete(leaf, op.store.params, isRootLeaf(leaf))) return null;
  const change = op.changeAtOnce();
  removeEntry(change.edit(leaf), index);
  change.commit();
  return true;
}

/**
 * Writes an entry into a leaf that need not split for it; false if it must, and then the leaf has
 * no entry of that key any more. `index` is what `search` gives for the key.
 */
export function writeInPlace(
  change: ChangeGroup,
  leaf: WriteHandle,
  params: TreeParameters,
  key: Uint8Array,
  value: Uint8Array,
  index: number = search(leaf, key),
): boolean {
  if (index >= 0) {
    if (hasRoomToReplace(leaf, index, value.length)) {
      replaceValue(change.edit(leaf), index, value);
      return true;
    }
    removeEntry(change.edit(leaf), index);
  }
  if (!hasRoomFor(leaf, params, key.length, value.length)) return false;
  insertEntryAt(change.edit(leaf), index < 0 ? ~index : index, key, value);
  return true;
}
