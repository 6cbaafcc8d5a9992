import { EXCLUSIVE, type Mode, SHARED } from "../../latch/index.ts";
import { NO_PAGE, type PageView } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { LatchedPath } from "../latched-path.ts";
import { isRootLeaf } from "../node-fit.ts";
import { covers } from "../node-search.ts";
import type { Operation } from "../operation.ts";
import type { PageHandle, WriteHandle } from "../page-handle.ts";
import type { TreeStore } from "../tree-store.ts";
import { Crabbing } from "./crabbing.ts";

/**
 * Latch crabbing that tries the remembered leaf first, for keys that come in order or in clusters;
 * as PostgreSQL's insertions into the rightmost leaf, and Berkeley DB's last page of an insert.
 *
 * A task remembers the leaf that it came to last, and in which of its *incarnations*: a page id
 * that is freed and used anew is another page. For the next key it tries that leaf's latch, while
 * it holds nothing. Under the latch, and not before, it sees whether the page is in the same life
 * still and has the key between its fences; a writer, whether the leaf is safe as well. Then it has
 * spared the way down. If anything is not so, and if the latch is refused, it comes down as
 * crabbing does. A leaf that is not in memory is refused too: there is nothing to gain.
 *
 * Why it only tries: a task in a queue for the page would be on its way to it by a pointer that no
 * latch protects, and so the page could not be freed at once. One that only tries never is.
 */
export class CrabbingPathCache extends Crabbing {
  override readonly name: string = "crabbing-path-cache";

  figures({ descentCounts }: TreeStore): Readonly<Record<string, number>> {
    return { leafHits: descentCounts.leafHits, leafMisses: descentCounts.leafMisses };
  }

  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    let leaf = yield* this.tryRemembered(op, key, SHARED);
    this.count(op, leaf !== null);
    leaf ??= yield* super.descendShared(op, key);
    op.rememberedLeaf.note(leaf);
    return leaf;
  }

  protected override *descendExclusive(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array | null,
  ): Task<LatchedPath> {
    const leaf = yield* this.tryRemembered(op, key, EXCLUSIVE);
    const isHit = leaf !== null && this.staysWhole(op, leaf, key, value);
    this.count(op, isHit);
    if (isHit) {
      const path = op.path.clear();
      path.push(leaf as WriteHandle);
      return path;
    }
    leaf?.release();
    const path = yield* super.descendExclusive(op, key, value);
    op.rememberedLeaf.note(path.last);
    return path;
  }

  /** The remembered leaf, held, if it is the one of the key now; else null, and nothing is held. */
  protected *tryRemembered(op: Operation, key: Uint8Array, mode: Mode): Task<PageHandle | null> {
    if (!this.isKnown(op)) return null;
    const { page, incarnation } = op.rememberedLeaf;
    const leaf = op.tryAgain(page, incarnation, mode, "leaf remembered");
    if (leaf.pending) yield leaf;
    if (!leaf.isHeld) return null;
    // In the same life it is on the same level and in use; its upper fence is all that can change.
    if (this.isOfKey(leaf, key)) return leaf;
    leaf.release();
    return null;
  }

  /** Whether there is a leaf to try. */
  protected isKnown({ rememberedLeaf }: Operation): boolean {
    return rememberedLeaf.page !== NO_PAGE;
  }

  /** Whether a leaf has a key between its fences. */
  protected isOfKey(leaf: PageView, key: Uint8Array): boolean {
    return covers(leaf, key);
  }

  /** Whether a write certainly changes nothing but the leaf, so that no parent has to be held. */
  protected staysWhole(
    op: Operation,
    leaf: PageHandle,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    return this.isSafe(op, leaf, isRootLeaf(leaf), key, value);
  }

  protected count({ store }: Operation, isHit: boolean): void {
    if (isHit) store.descentCounts.leafHits++;
    else store.descentCounts.leafMisses++;
  }
}
