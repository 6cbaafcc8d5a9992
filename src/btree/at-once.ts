import { latchId } from "../latch/index.ts";
import { META_PAGE, type PageId } from "../storage/index.ts";
import { ACCESS_READ, ACCESS_WRITE } from "../task/index.ts";
import { checkEntry, checkKey } from "./limits.ts";
import { rootIn } from "./meta-page.ts";
import type { Operation } from "./operation.ts";
import type { WriteHandle } from "./page-handle.ts";
import { levelIn } from "./page-layout.ts";
import { type PutRule, removeFromLeaf, writeInLeaf } from "./put-rule.ts";
import { childOfSpot, searchSpot } from "./spot-search.ts";

/**
 * Operations for which nothing has to be waited for: plain functions, which make no task.
 *
 * Each means what that of the protocol means, or gives null, and then nothing was done: the
 * protocol's own has to follow. Keys and values that are too long are refused as there.
 */
export interface AtOnce {
  get(op: Operation, key: Uint8Array): boolean | null;
  put(op: Operation, key: Uint8Array, value: Uint8Array): boolean | null;
  insert(op: Operation, key: Uint8Array, value: Uint8Array): boolean | null;
  delete(op: Operation, key: Uint8Array): boolean | null;
}

/**
 * The shortest way, for protocols that latch each page on the way down from the root.
 *
 * A task that is granted every latch at once comes down within one segment: from one step to the
 * next, in which no other task runs. What it latches and releases in that segment it need not have
 * latched, for nobody could see it. What remains of a latch is the question whether it would have
 * been granted, and that is asked here of every page on the way. If one of them would have been
 * refused, or is not in memory, or more than the leaf would have to change, nothing was done.
 *
 * So this needs no driver of its own: under every driver it is the same code in the same segment,
 * with the same declared accesses. Under the simulator others hold latches between their steps, and
 * are found by it.
 */
export class PagesAtOnce implements AtOnce {
  get(op: Operation, key: Uint8Array): boolean | null {
    checkKey(op.store.params, key);
    if (!this.comeDown(op, key)) return null;
    const { spot } = op;
    const index = searchSpot(spot, key);
    if (index >= 0) op.keepSpot(spot, index);
    op.sawSpot(spot);
    return index >= 0;
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): boolean | null {
    return this.#upsert(op, key, value, "overwrite");
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): boolean | null {
    return this.#upsert(op, key, value, "if-absent");
  }

  delete(op: Operation, key: Uint8Array): boolean | null {
    checkKey(op.store.params, key);
    const leaf = this.#leafToChange(op, key);
    if (leaf === null) return null;
    const wasThere = removeFromLeaf(op, leaf, key);
    leaf.release();
    return wasThere;
  }

  /** Comes to the leaf of a key, which is the operation's spot then; false if it would wait. */
  protected comeDown(op: Operation, key: Uint8Array): boolean {
    const { spot } = op;
    if (!this.look(op, META_PAGE) || !this.look(op, rootIn(spot))) return false;
    return this.comeDownFrom(op, key);
  }

  /** As {@link comeDown}, from the page that is looked at. */
  protected comeDownFrom(op: Operation, key: Uint8Array): boolean {
    const { spot } = op;
    for (let level = levelIn(spot.view, spot.at); level > 0; level--) {
      this.arrived(op, level);
      if (!this.look(op, childOfSpot(spot, key))) return false;
    }
    this.arrived(op, 0);
    return true;
  }

  /** Hook: the page looked at is on the way, at this level. */
  protected arrived(_op: Operation, _level: number): void {}

  /** Looks at a page whose latch a reader would be granted at once; false if it would not. */
  protected look(op: Operation, id: PageId): boolean {
    const { latches, memory, space } = op.store;
    const latch = latchId(id);
    op.owner.driver.touch(latches.objectOf(latch), ACCESS_READ);
    if (!latches.areAllFree && !latches.admitsReader(latch)) return false;
    // A pointer to such a page is somebody's mistake: the way by latches will say whose.
    if (space.isFree(id)) return false;
    return memory.glance(id, op.spot);
  }

  /** Whether the latch of a page that is looked at would be granted to a writer. */
  protected isFreeToChange(op: Operation, id: PageId): boolean {
    const { latches } = op.store;
    const latch = latchId(id);
    op.owner.driver.touch(latches.objectOf(latch), ACCESS_WRITE);
    return latches.areAllFree || latches.isFree(latch);
  }

  #leafToChange(op: Operation, key: Uint8Array): WriteHandle | null {
    if (!this.comeDown(op, key)) return null;
    const { id } = op.spot;
    return this.isFreeToChange(op, id) ? op.instantPage(id) : null;
  }

  #upsert(op: Operation, key: Uint8Array, value: Uint8Array, rule: PutRule): boolean | null {
    checkEntry(op.store.params, key, value);
    const leaf = this.#leafToChange(op, key);
    if (leaf === null) return null;
    const wasAbsent = writeInLeaf(op, leaf, key, value, rule, searchSpot(op.spot, key));
    leaf.release();
    return wasAbsent;
  }
}
