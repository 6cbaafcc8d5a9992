import { compareEntries, type Entry, type EntryPlace } from "../entry.ts";

/** Enough for hundreds of millions of entries at one in four. */
const HEIGHT_MAX = 14;

/** An entry, and for each level that it is part of, the node after it there. */
export interface SkipNode {
  readonly entry: Entry;
  readonly next: (SkipNode | null)[];
}

/**
 * Entries in order, to which entries are added and from which none is taken (Pugh, "Skip Lists: A
 * Probabilistic Alternative to Balanced Trees", CACM 1990).
 *
 * Heights come from a sequence that is the same in every list: nobody chooses keys against it, and
 * the same writes give the same list everywhere. A node that was found stays where it is, whatever
 * is added, so a cursor needs nothing but its node.
 */
export class SkipList {
  readonly #heads: (SkipNode | null)[] = Array.from({ length: HEIGHT_MAX }, () => null);
  readonly #path: (SkipNode | null)[] = Array.from({ length: HEIGHT_MAX }, () => null);
  #height = 1;
  #state = 0x9e3779b9;
  size = 0;

  /** Adds an entry. Requires: none of its key and number is there. O(log entries), expected. */
  add(entry: Entry): void {
    this.#descend(entry);
    const height = this.#drawHeight();
    while (this.#height < height) this.#path[this.#height++] = null;
    const node: SkipNode = { entry, next: [] };
    for (let level = 0; level < height; level++) {
      const before = this.#path[level] ?? null;
      node.next[level] = this.#after(before, level);
      if (before === null) this.#heads[level] = node;
      else before.next[level] = node;
    }
    this.size++;
  }

  /** The first node not before a place; null if all are. O(log entries), expected. */
  firstFrom(place: EntryPlace): SkipNode | null {
    return this.#after(this.#descend(place), 0);
  }

  /** The last node before a place; null if none is. O(log entries), expected. */
  lastBefore(place: EntryPlace): SkipNode | null {
    return this.#descend(place);
  }

  get first(): SkipNode | null {
    return this.#heads[0] ?? null;
  }

  /** O(log entries), expected. */
  get last(): SkipNode | null {
    let node: SkipNode | null = null;
    for (let level = this.#height - 1; level >= 0; level--) {
      for (let next = this.#after(node, level); next !== null; next = this.#after(next, level)) {
        node = next;
      }
    }
    return node;
  }

  /** Goes to the last node before a place, and notes the last one at each level on the way. */
  #descend(place: EntryPlace): SkipNode | null {
    let node: SkipNode | null = null;
    for (let level = this.#height - 1; level >= 0; level--) {
      for (;;) {
        const next = this.#after(node, level);
        if (next === null || compareEntries(next.entry, place) >= 0) break;
        node = next;
      }
      this.#path[level] = node;
    }
    return node;
  }

  #after(node: SkipNode | null, level: number): SkipNode | null {
    return (node === null ? this.#heads[level] : node.next[level]) ?? null;
  }

  /** One level more for one in four: xorshift32 (Marsaglia, 2003), two bits at a time. */
  #drawHeight(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    let height = 1;
    for (let bits = state >>> 0; height < HEIGHT_MAX && (bits & 3) === 0; bits >>>= 2) height++;
    return height;
  }
}
