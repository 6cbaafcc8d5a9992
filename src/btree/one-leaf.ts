import { LatchworkError, type Task } from "../task/index.ts";
import { removeEntry } from "./node-edit.ts";
import { isRootLeaf, isUnderfull } from "./node-fit.ts";
import { find, isBelowHighFence } from "./node-search.ts";
import type { Operation } from "./operation.ts";
import type { PageHandle, WriteHandle } from "./page-handle.ts";
import { countOf } from "./page-layout.ts";
import { writeInLeaf } from "./write-leaf.ts";
import type { WriteRun } from "./write-run.ts";

// What is done to the leaf of a key by protocols that hold that leaf and nothing above it, and
// change the structure afterwards. Each requires that the leaf is held and covers the key, and
// releases it.

/** Keeps the value of a key in the operation; gives whether it is there. O(log n). */
export function readFromLeaf(op: Operation, leaf: PageHandle, key: Uint8Array): boolean {
  const index = find(leaf, key);
  if (index >= 0) op.keepValue(leaf, index);
  leaf.release();
  return index >= 0;
}

/** What came of a delete in its leaf. */
interface Deleted {
  readonly wasThere: boolean;
  /** Whether the leaf should be merged now; also an empty one that a fault has left. */
  readonly isThin: boolean;
}

/** Removes a key in a change group of its own. O(n). */
export function deleteFromLeaf(op: Operation, leaf: WriteHandle, key: Uint8Array): Deleted {
  const index = find(leaf, key);
  if (index >= 0) {
    const change = op.changeAtOnce();
    removeEntry(change.edit(leaf), index);
    change.commit();
  }
  const mayMerge = index >= 0 || countOf(leaf) === 0;
  const isThin = mayMerge && isUnderfull(leaf, op.store.params) && !isRootLeaf(leaf);
  leaf.release();
  return { wasThere: index >= 0, isThin };
}

/** Makes the writes of a run that are of this leaf and change nothing else, in one group. */
export function makeRunInLeaf(op: Operation, leaf: WriteHandle, run: WriteRun): void {
  const before = run.made;
  const change = op.changeAtOnce();
  while (!run.isOver && isBelowHighFence(leaf, run.next.key)) {
    if (!writeInLeaf(change, leaf, op.store.params, run)) break;
  }
  change.commit();
  leaf.release();
  if (run.made > before) run.leafRuns++;
}

/**
 * What is left to do for the structure once the operation has taken effect. A fault of the disk
 * ends it, and is none of the operation: what it leaves is a state that others can go on from.
 */
export function* afterEffect(op: Operation, work: Task<void>): Task<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    op.abort();
  }
}
