import type { LatchId } from "./latch-id.ts";
import { type LatchObjects, ONLY_TABLE } from "./latch-objects.ts";
import { Latch, type LatchFigures, LatchUse } from "./latch.ts";
import type { Fairness } from "./mode.ts";

/**
 * The latches of one store, each made as it is first asked for.
 *
 * A store that keeps only some of its pages in memory forgets the latches of the others: a latch
 * takes as much memory as a small page.
 */
export class LatchTable {
  readonly fairness: Fairness;
  /** By id, dense; null where there is none at present. */
  readonly #latches: (Latch | null)[] = [];
  /** Of latches that were forgotten: how far they had got, if they had. */
  readonly #incarnations = new Map<LatchId, number>();
  readonly #objects: LatchObjects;
  readonly #use = new LatchUse();

  /** @param objects How the driver knows them: see `LatchDriver.latchesOf`. */
  constructor(fairness: Fairness, objects: LatchObjects = ONLY_TABLE) {
    this.fairness = fairness;
    this.#objects = objects;
  }

  /** Finds the latch with this id, or makes it. O(1). */
  latch(id: LatchId): Latch {
    return this.#latches[id] ?? this.#make(id);
  }

  /** Its id among the driver's shared objects. O(1), and makes none. */
  objectOf(id: LatchId): number {
    return this.#objects.objectOf(id);
  }

  /**
   * Whether no latch at all is held; then none has a queue either. O(1), and touches none: it is a
   * short answer to what {@link isFree} would say of every one of them.
   */
  get areAllFree(): boolean {
    return this.#use.latches === 0;
  }

  /** What became of requests since the table was made, or {@link reset}. */
  figures(): LatchFigures {
    return this.#use.figures();
  }

  /** Whether a reader that comes now is granted the latch at once. O(1), and makes none. */
  admitsReader(id: LatchId): boolean {
    return this.#latches[id]?.admitsReader ?? true;
  }

  /** Notes a change of what a free latch protects, for those who go by its version. O(1). */
  changed(id: LatchId): void {
    const latch = this.#latches[id] ?? null;
    if (latch !== null) latch.version++;
  }

  /** Whether nobody holds the latch or waits in its queue. O(1), and makes none. */
  isFree(id: LatchId): boolean {
    return this.#latches[id]?.isFree ?? true;
  }

  /**
   * Forgets a latch, unless somebody holds it, waits for it or is on the way to it. Whoever asks
   * next gets another, which goes on counting incarnations from there. O(1).
   */
  forget(id: LatchId): void {
    const latch = this.#latches[id] ?? null;
    if (latch === null || latch.claims > 0) return;
    if (latch.incarnation > 0) this.#incarnations.set(id, latch.incarnation);
    this.#latches[id] = null;
  }

  /** Forgets every holder, waiter and incarnation. O(latches). */
  reset(): void {
    for (const latch of this.#latches) latch?.reset();
    this.#use.reset();
    if (this.#incarnations.size > 0) this.#incarnations.clear();
  }

  /** The first latch that somebody holds or waits for, or null if all are free. */
  firstInUse(): Latch | null {
    // Asked after each schedule, where the count of those that are held nearly always tells.
    if (this.#use.latches === 0) return null;
    return this.#latches.find((latch) => latch !== null && !latch.isFree) ?? null;
  }

  /** How many there are. O(latches). */
  get count(): number {
    return this.#latches.reduce((count, latch) => (latch === null ? count : count + 1), 0);
  }

  /** Makes the latch with this id. */
  protected makeLatch(id: LatchId): Latch {
    return new Latch(id, this.fairness);
  }

  #make(id: LatchId): Latch {
    while (this.#latches.length <= id) this.#latches.push(null);
    const latch = this.makeLatch(id);
    latch.use = this.#use;
    latch.objectId = this.#objects.objectOf(id);
    latch.incarnation = this.#incarnations.get(id) ?? 0;
    this.#incarnations.delete(id);
    this.#latches[id] = latch;
    return latch;
  }
}
