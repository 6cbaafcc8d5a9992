import { Latch, type LatchId, latchId } from "./latch.ts";
import type { Fairness } from "./mode.ts";

/** The latches of one store, made as they are first asked for; ids are dense from 0. */
export class LatchTable {
  readonly fairness: Fairness;
  readonly #latches: Latch[] = [];

  constructor(fairness: Fairness) {
    this.fairness = fairness;
  }

  /** Finds the latch with this id, or makes it. O(1). */
  latch(id: LatchId): Latch {
    return this.#latches[id] ?? this.#extendTo(id);
  }

  /** Forgets every holder and waiter, keeping the latches themselves. O(latches). */
  reset(): void {
    for (const latch of this.#latches) latch.reset();
  }

  /** The first latch that somebody holds or waits for, or null if all are free. */
  firstInUse(): Latch | null {
    return this.#latches.find((latch) => !latch.isFree) ?? null;
  }

  #extendTo(id: LatchId): Latch {
    while (this.#latches.length <= id) {
      this.#latches.push(new Latch(latchId(this.#latches.length), this.fairness));
    }
    return this.latch(id);
  }
}
