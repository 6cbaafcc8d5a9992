import { assert, type Task } from "../../task/index.ts";
import { ENDED, MOVED } from "../at-once.ts";
import type { Cursor } from "../cursor.ts";
import { compareEntries, type Entry } from "../entry.ts";

/** One of the cursors that are merged. */
interface Source {
  readonly cursor: Cursor;
  /** What it is on. Means something only while it is in the heap. */
  entry: Entry | null;
}

/**
 * Where the sources are: all between two entries, at the same place; or each on the entry that it
 * would give next, the first of which is the current one; or nobody knows, after a fault.
 */
type Way = "between" | "lost" | Direction;
type Direction = "forward" | "back";

/**
 * Several cursors as one, in order: for reading, newest and oldest tables alike.
 *
 * Going one way, each source that has more is on its next entry, and a heap says whose is first.
 * To turn around is one move of every source: those ahead of the place go back behind it. Moves are
 * done at once where the source's is. After a fault it has to seek anew.
 */
export class MergeCursor implements Cursor {
  readonly #sources: readonly Source[];
  readonly #heap: Source[] = [];
  #way: Way = "between";
  #isOn = false;

  /** @param cursors No two of them have an entry in common; all are before their first. */
  constructor(cursors: readonly Cursor[]) {
    this.#sources = cursors.map((cursor) => ({ cursor, entry: null }));
  }

  get entry(): Entry {
    const entry = this.#heap[0]?.entry ?? null;
    assert(this.#isOn && entry !== null, "a cursor that is asked for its entry is on one");
    return entry;
  }

  *seek(key: Uint8Array | null, seq: number): Task<void> {
    this.#lose();
    for (const { cursor } of this.#sources) yield* cursor.seek(key, seq);
    this.#way = "between";
  }

  *seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void> {
    this.#lose();
    for (const { cursor } of this.#sources) yield* cursor.seekBack(key, isInclusive);
    this.#way = "between";
  }

  next(): Task<boolean> {
    return this.#move("forward");
  }

  previous(): Task<boolean> {
    return this.#move("back");
  }

  close(): void {
    for (const { cursor } of this.#sources) cursor.close();
  }

  #move(way: Direction): Task<boolean> {
    assert(this.#way !== "lost", "a cursor seeks anew after a fault");
    if (this.#way !== way) return this.#turn(way);
    const first = this.#heap[0];
    if (first === undefined) return ENDED;
    this.#way = "lost";
    const moved = way === "forward" ? first.cursor.next() : first.cursor.previous();
    if (moved === MOVED || moved === ENDED) {
      return this.#settle(way, first, moved === MOVED) ? MOVED : ENDED;
    }
    return this.#wait(way, first, moved);
  }

  *#wait(way: Direction, first: Source, move: Task<boolean>): Task<boolean> {
    return this.#settle(way, first, yield* move);
  }

  /** Takes in a move of the first source. Gives whether there is a current entry. */
  #settle(way: Direction, first: Source, isThere: boolean): boolean {
    const heap = this.#heap;
    if (isThere) {
      first.entry = first.cursor.entry;
    } else {
      const last = heap.pop();
      if (last !== undefined && last !== first) heap[0] = last;
    }
    this.#way = way;
    this.#sink(0);
    this.#isOn = heap.length > 0;
    return this.#isOn;
  }

  /** Sets all sources on the entries that come next in a direction. */
  *#turn(way: Direction): Task<boolean> {
    this.#lose();
    const heap = this.#heap;
    for (const source of this.#sources) {
      const { cursor } = source;
      const isThere = yield* way === "forward" ? cursor.next() : cursor.previous();
      if (!isThere) continue;
      source.entry = cursor.entry;
      heap.push(source);
    }
    this.#way = way;
    for (let at = (heap.length >> 1) - 1; at >= 0; at--) this.#sink(at);
    this.#isOn = heap.length > 0;
    return this.#isOn;
  }

  #lose(): void {
    this.#way = "lost";
    this.#isOn = false;
    this.#heap.length = 0;
  }

  /** Puts the source at a place of the heap where it belongs, at or below that. */
  #sink(from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let best = at;
      if (left < heap.length && this.#isBefore(left, best)) best = left;
      if (right < heap.length && this.#isBefore(right, best)) best = right;
      if (best === at) return;
      const moved = heap[at] as Source;
      heap[at] = heap[best] as Source;
      heap[best] = moved;
      at = best;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const order = compareEntries(this.#entryOf(a), this.#entryOf(b));
    return this.#way === "back" ? order > 0 : order < 0;
  }

  #entryOf(at: number): Entry {
    return (this.#heap[at] as Source).entry as Entry;
  }
}
