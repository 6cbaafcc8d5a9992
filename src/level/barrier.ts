/** Waits at a barrier; called once, when all that came before it have left. */
export interface BarrierWaiter {
  mayPass(): void;
}

/** Those that came between two waiters, or since the last one. */
class Stretch {
  /** How many of them have not left. */
  inside = 0;
  /** Waits until they and all before them have left. */
  waiter: BarrierWaiter | null = null;
  next: Stretch | null = null;
}

/** Where an entrant came in; to be given back when it leaves. */
export type Entrance = Stretch;

/**
 * Makes a waiter wait until all entrants that came before have left, whatever comes later.
 *
 * Entrants are counted, not listed: coming, leaving and waiting each take constant time, amortised,
 * however many are inside.
 *
 * Invariant: a stretch other than the last has a waiter, and an entrant in it or before it is
 * inside.
 */
export class Barrier {
  #first = new Stretch();
  #last = this.#first;

  /** Comes in. */
  enter(): Entrance {
    this.#last.inside++;
    return this.#last;
  }

  /** Leaves, once, from where {@link enter} said. */
  leave(entrance: Entrance): void {
    entrance.inside--;
    while (this.#first.inside === 0) {
      const left = this.#first;
      const { next, waiter } = left;
      if (next === null) return;
      this.#first = next;
      // Else an old stretch keeps all that came after it until the next full collection.
      left.next = null;
      left.waiter = null;
      waiter?.mayPass();
    }
  }

  /** Waits for all that are inside now; false if none is: then there is nothing to wait for. */
  wait(waiter: BarrierWaiter): boolean {
    if (this.#first === this.#last && this.#last.inside === 0) return false;
    this.#last.waiter = waiter;
    const next = new Stretch();
    this.#last.next = next;
    this.#last = next;
    return true;
  }
}
