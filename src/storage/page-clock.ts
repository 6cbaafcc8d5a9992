import type { PoolSlot } from "./pool-slot.ts";

/**
 * Which page is evicted when a frame is needed: a clock (Corbató, 1968). A hand goes round the
 * slots, passes over a page used since its last visit, and stops at the first that was not. A page
 * that a task depends on is not evicted. Pools that share their frames have one clock.
 */
export class PageClock {
  /** Every slot with a page, in no order of its own. */
  readonly #round: PoolSlot[] = [];
  #hand = 0;

  /** How many pages are in memory. */
  get size(): number {
    return this.#round.length;
  }

  /** Puts a page in, as used just now. O(1). */
  enter(slot: PoolSlot): void {
    slot.place = this.#round.length;
    slot.isReferenced = true;
    this.#round.push(slot);
  }

  /** Takes a page out. Requires: it is in. O(1). */
  drop(slot: PoolSlot): void {
    const last = this.#round.pop();
    if (last !== undefined && last !== slot) {
      this.#round[slot.place] = last;
      last.place = slot.place;
    }
    slot.place = -1;
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
