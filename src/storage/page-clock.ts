import { broken } from "../task/index.ts";
import type { PageId } from "./ids.ts";
import type { PoolSlot } from "./pool-slot.ts";

/**
 * The pages in memory, and which of them is evicted when a frame is needed: a clock (Corbató,
 * 1968). A hand goes round the slots, passes over a page used since its last visit, and stops at
 * the first that was not. A page that a task depends on is not evicted.
 */
export class PageClock {
  /** Page id to slot, dense. */
  readonly #slots: (PoolSlot | null)[] = [];
  /** Every slot with a page, in no order of its own. */
  readonly #round: PoolSlot[] = [];
  #hand = 0;

  /** How many pages are in memory. */
  get size(): number {
    return this.#round.length;
  }

  /** Every slot with a page, in no order of its own. */
  get slots(): readonly PoolSlot[] {
    return this.#round;
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

  /** Puts a page in, as used just now. */
  enter(slot: PoolSlot): void {
    for (let id = this.#slots.length; id <= slot.id; id++) this.#slots.push(null);
    this.#slots[slot.id] = slot;
    slot.index = this.#round.length;
    slot.isReferenced = true;
    this.#round.push(slot);
  }

  /** Takes a page out. Requires: it is in. O(1). */
  drop(slot: PoolSlot): void {
    this.#slots[slot.id] = null;
    const last = this.#round.pop();
    if (last !== undefined && last !== slot) {
      this.#round[slot.index] = last;
      last.index = slot.index;
    }
    slot.index = -1;
  }

  /** Moves the hand on by at most `steps`, to the first page that may go; null if none may. */
  nextToGo(steps: number): PoolSlot | null {
    for (let step = 0; step < steps; step++) {
      if (this.#hand >= this.#round.length) this.#hand = 0;
      const slot = this.#round[this.#hand];
      if (slot === undefined) return null;
      if (slot.isEvictable && !slot.isReferenced) return slot;
      // A pin is a use that has not ended.
      if (slot.pins === 0) slot.isReferenced = false;
      this.#hand++;
    }
    return null;
  }
}
