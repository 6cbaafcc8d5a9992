/** Something that happens at a moment of virtual time. */
export interface Happening {
  happen(): void;
}

interface Entry {
  readonly atNs: number;
  readonly number: number;
  readonly what: Happening;
}

/** What is to happen, the first first; of one moment, what was put in first. A binary heap. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #count = 0;

  put(atNs: number, what: Happening): void {
    const entry = { atNs, number: this.#count++, what };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  /** Takes out what happens first; null if there is nothing. */
  take(): Entry | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const least = isRight ? right : left;
      if (isBefore(entry, least)) break;
      heap[at] = least;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.number < b.number);
}
