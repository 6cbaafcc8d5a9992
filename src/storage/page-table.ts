import { broken } from "../task/index.ts";
import type { PageId } from "./ids.ts";
import type { PoolSlot } from "./pool-slot.ts";

/** The pages of one pool that are in memory, by id. */
export class PageTable {
  /** Page id to slot, dense. */
  readonly #slots: (PoolSlot | null)[] = [];
  /** Every slot with a page, in no order of its own. */
  readonly #all: PoolSlot[] = [];

  /** How many pages are in memory. */
  get size(): number {
    return this.#all.length;
  }

  /** Every slot with a page, in no order of its own. */
  get slots(): readonly PoolSlot[] {
    return this.#all;
  }

  /** The slot of page `id`, or null if it is not in memory. O(1). */
  find(id: PageId): PoolSlot | null {
    return id < this.#slots.length ? (this.#slots[id] ?? null) : null;
  }

  /** The slot of page `id`. Requires: it is in memory. O(1). */
  slotOf(id: PageId): PoolSlot {
    const slot = this.find(id);
    if (slot === null) broken("the page is in memory", `page ${id} is not, for nobody pins it`);
    return slot;
  }

  enter(slot: PoolSlot): void {
    for (let id = this.#slots.length; id <= slot.id; id++) this.#slots.push(null);
    this.#slots[slot.id] = slot;
    slot.index = this.#all.length;
    this.#all.push(slot);
  }

  /** Requires: the page is in memory. O(1). */
  drop(slot: PoolSlot): void {
    this.#slots[slot.id] = null;
    const last = this.#all.pop();
    if (last !== undefined && last !== slot) {
      this.#all[slot.index] = last;
      last.index = slot.index;
    }
    slot.index = -1;
  }
}
