import { byteAt, compareBytes } from "../../btree/index.ts";
import { assert, type Host, type Step, type Task } from "../../task/index.ts";
import { ENDED, MOVED } from "../at-once.ts";
import type { Cursor } from "../cursor.ts";
import type { Entry } from "../entry.ts";

/** How many entries are passed at once before others may have a turn. */
const PASSED_AT_ONCE = 256;

/**
 * Where the cursor below is:
 * - `between` two entries, or at an end, where this one is too;
 * - `on` the entry that is shown;
 * - `behind`: it has gone back, from the shown entry's key to an entry of another key that is yet
 *   to be looked at, or to the beginning;
 * - `lost`, after a fault.
 */
type Place = "between" | "on" | "behind" | "lost";

/**
 * What a reader at a sequence number sees: of each key the newest value that is not above it, and
 * nothing of keys whose newest entry so far is a tombstone.
 *
 * The entries shown forward are those of the cursor below, and change with it; back they are
 * copies, for the newest of a key is known only when the cursor below has gone past it. After a
 * fault it has to seek anew.
 */
export class VisibleCursor {
  readonly #below: Cursor;
  readonly #seq: number;
  readonly #host: Host;
  #place: Place = "between";
  /** Whether the cursor below is on an entry that is to be looked at, if it is behind. */
  #isPending = false;
  /** The entry shown, if it is a copy. */
  #copy: Entry | null = null;
  /** Going forward, this key and those below it have been dealt with, if there is one. */
  readonly #passed = new KeyCopy();
  /** Entries passed without showing one. */
  #passedCount = 0;

  /**
   * @param below Closed with this one.
   * @param seq Entries above it are not seen.
   * @param host Asked for pauses where many entries are passed that nobody sees.
   */
  constructor(below: Cursor, seq: number, host: Host) {
    this.#below = below;
    this.#seq = seq;
    this.#host = host;
  }

  /** The entry that the last move came to. Its bytes may change with the next move. */
  get entry(): Entry {
    if (this.#copy !== null) return this.#copy;
    assert(this.#place === "on", "a cursor that is asked for its entry is on one");
    return this.#below.entry;
  }

  /** Goes before the first entry whose key is not below `key`; with null, before all. */
  *seek(key: Uint8Array | null): Task<void> {
    this.#leave("lost");
    yield* this.#below.seek(key, this.#seq);
    this.#place = "between";
  }

  /** Goes behind the last entry whose key is below `key`, or is it; with null, behind all. */
  *seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void> {
    this.#leave("lost");
    yield* this.#below.seekBack(key, isInclusive);
    this.#place = "between";
  }

  /** Moves to the next entry; false at the end. */
  next(): Task<boolean> {
    assert(this.#place !== "lost", "a cursor seeks anew after a fault");
    if (this.#copy !== null) this.#passed.keep(this.#copy.key);
    this.#copy = null;
    this.#place = "lost";
    for (;;) {
      const move = this.#below.next();
      if (move === ENDED) return this.#end();
      const pause = move === MOVED ? this.#pause() : null;
      if (move !== MOVED || pause !== null) return this.#nextSlowly(move, pause);
      if (this.#show()) return MOVED;
    }
  }

  /** Moves to the entry before; false at the beginning. */
  previous(): Task<boolean> {
    assert(this.#place !== "lost", "a cursor seeks anew after a fault");
    return this.#goBack();
  }

  close(): void {
    this.#leave("lost");
    this.#below.close();
  }

  *#nextSlowly(first: Task<boolean>, firstPause: Step | null): Task<boolean> {
    let move = first;
    let pause = firstPause;
    for (;;) {
      if (!(yield* move)) {
        this.#end();
        return false;
      }
      if (pause !== null) yield pause;
      if (this.#show()) return true;
      move = this.#below.next();
      pause = this.#pause();
    }
  }

  /** Looks at the entry below, going forward; whether it is to be shown. */
  #show(): boolean {
    const { key, seq, kind } = this.#below.entry;
    if (seq > this.#seq || this.#passed.isAtLeast(key)) return false;
    this.#passed.keep(key);
    if (kind === "tombstone") return false;
    this.#place = "on";
    this.#passedCount = 0;
    return true;
  }

  *#goBack(): Task<boolean> {
    const below = this.#below;
    const isBehind = this.#place === "behind";
    let isThere = isBehind ? this.#isPending : yield* this.#moveBack();
    this.#leave("lost");
    /** The newest entry seen so far of the key that is being looked at. */
    let newest: Entry | null = null;
    while (isThere) {
      const { entry } = below;
      if (newest !== null && compareBytes(newest.key, entry.key) !== 0) {
        if (newest.kind === "value") break;
        newest = null;
      }
      if (entry.seq <= this.#seq) newest = copyOf(entry);
      isThere = yield* this.#moveBack();
    }
    this.#passedCount = 0;
    this.#isPending = isThere;
    if (newest === null || newest.kind === "tombstone") {
      this.#leave("between");
      return false;
    }
    this.#copy = newest;
    this.#place = "behind";
    return true;
  }

  *#moveBack(): Task<boolean> {
    const pause = this.#pause();
    if (pause !== null) yield pause;
    return yield* this.#below.previous();
  }

  /** Shows nothing any more, and forgets what was passed. */
  #leave(place: Place): void {
    this.#place = place;
    this.#copy = null;
    this.#passed.forget();
  }

  #end(): Task<boolean> {
    this.#leave("between");
    this.#passedCount = 0;
    return ENDED;
  }

  #pause(): Step | null {
    if (++this.#passedCount % PASSED_AT_ONCE !== 0) return null;
    return this.#host.pauseIfDue();
  }
}

function copyOf({ key, seq, kind, value }: Entry): Entry {
  return { key: new Uint8Array(key), seq, kind, value: new Uint8Array(value) };
}

/** The copy of a key, in bytes that serve one key after another; or none. */
class KeyCopy {
  #bytes = new Uint8Array(64);
  #length = -1;

  keep(key: Uint8Array): void {
    if (key.length > this.#bytes.length) this.#bytes = new Uint8Array(2 * key.length);
    this.#bytes.set(key);
    this.#length = key.length;
  }

  forget(): void {
    this.#length = -1;
  }

  /** Whether there is one, not below `key`. */
  isAtLeast(key: Uint8Array): boolean {
    const shorter = Math.min(this.#length, key.length);
    for (let i = 0; i < shorter; i++) {
      const order = byteAt(this.#bytes, i) - byteAt(key, i);
      if (order !== 0) return order > 0;
    }
    return this.#length >= key.length;
  }
}
