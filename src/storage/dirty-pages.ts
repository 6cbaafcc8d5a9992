import { lsn, type Lsn, type PageId } from "./ids.ts";
import type { PageTable } from "./page-table.ts";
import type { PoolSlot } from "./pool-slot.ts";

/** Which pages in memory differ from the file, since when, and which of them is written next. */
export class DirtyPages {
  readonly #table: PageTable;
  #count = 0;
  #hand = 0;

  constructor(table: PageTable) {
    this.#table = table;
  }

  /** How many pages have changed since they were last copied to be written. */
  get count(): number {
    return this.#count;
  }

  /** The page has changed; redo of it begins at `recLsn`, unless it was dirty before. */
  mark(slot: PoolSlot, recLsn: Lsn): void {
    if (!slot.isDirty) this.markSince(slot, recLsn);
  }

  /**
   * A write of the page failed: redo of it begins at `recLsn` again. It may have been changed
   * since; redo then has to begin with what was not written before.
   */
  markSince(slot: PoolSlot, recLsn: Lsn): void {
    if (!slot.isDirty) this.#count++;
    slot.isDirty = true;
    slot.recLsn = recLsn;
  }

  clear(slot: PoolSlot): void {
    if (slot.isDirty) this.#count--;
    slot.isDirty = false;
  }

  /** The pages whose state in memory is not in the file: dirty, or being written. O(n log n). */
  unwritten(): PageId[] {
    const unwritten = this.#table.slots.filter((slot) => slot.isDirty || slot.write !== null);
    return unwritten.map((slot) => slot.id).toSorted((a, b) => a - b);
  }

  /**
   * Which page to clean next: dirty, not being written, and not pinned if there is such a one. Each
   * call goes on where the last one found its page, so that no page is left out. O(frames).
   */
  pick(): PageId | null {
    if (this.#count === 0) return null;
    const { slots } = this.#table;
    let pinned: PoolSlot | null = null;
    for (let step = 1; step <= slots.length; step++) {
      const slot = slots[(this.#hand + step) % slots.length];
      if (slot === undefined || !slot.isDirty || slot.write !== null) continue;
      if (slot.pins === 0) {
        this.#hand = slot.index;
        return slot.id;
      }
      pinned ??= slot;
    }
    if (pinned !== null) this.#hand = pinned.index;
    return pinned?.id ?? null;
  }

  /**
   * The least position from which redo of anything not yet written begins, or null if all is. What
   * is written may still have to be synced. O(frames).
   */
  oldestRecLsn(): Lsn | null {
    let oldest = Number.POSITIVE_INFINITY;
    for (const slot of this.#table.slots) {
      if (slot.isDirty) oldest = Math.min(oldest, slot.recLsn);
      if (slot.write !== null && !slot.write.isVoid) oldest = Math.min(oldest, slot.write.recLsn);
    }
    return oldest === Number.POSITIVE_INFINITY ? null : lsn(oldest);
  }
}
