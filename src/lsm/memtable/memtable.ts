import { ACCESS_READ, ACCESS_WRITE, assert, type Host, Monitor } from "../../task/index.ts";
import { type Entry, SEQ_MAX } from "../entry.ts";
import { MemtableCursor } from "./memtable-cursor.ts";
import { SkipList } from "./skip-list.ts";

/** What an entry takes in memory beside its bytes, about: two objects and their pointers. */
const BYTES_BESIDE_AN_ENTRY = 160;

/**
 * The entries that are logged and in no run yet, in memory and in order.
 *
 * A write adds its entry within one segment, so nobody sees half of it and nobody latches: on one
 * thread a table in which nothing ever moves needs no more. Every access is declared. Once frozen
 * it never changes, and is written out as a run.
 */
export class Memtable {
  readonly #list = new SkipList();
  readonly #monitor: Monitor;
  #bytes = 0;
  #isFrozen = false;
  #seqMin = SEQ_MAX;
  #seqMax = 0;

  /** @param name What reports call it, as `memtable 3`. */
  constructor(host: Host, name: string) {
    this.#monitor = new Monitor(host, name);
  }

  /** What it takes in memory, about. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#list.size;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** The lowest and the highest sequence number. Requires: it is not empty. */
  get seqRange(): readonly [min: number, max: number] {
    assert(this.count > 0, "a memtable without entries has no sequence numbers");
    return [this.#seqMin, this.#seqMax];
  }

  /**
   * Adds an entry, which nobody changes afterwards. O(log entries), expected. Requires: it is not
   * frozen, and has no entry of this number.
   */
  add(entry: Entry): void {
    assert(!this.#isFrozen, "nothing is added to a frozen memtable");
    assert(Number.isSafeInteger(entry.seq) && entry.seq >= 0, "sequence numbers are below 2^53");
    this.#monitor.touch(ACCESS_WRITE);
    this.#list.add(entry);
    this.#bytes += BYTES_BESIDE_AN_ENTRY + entry.key.length + entry.value.length;
    this.#seqMin = Math.min(this.#seqMin, entry.seq);
    this.#seqMax = Math.max(this.#seqMax, entry.seq);
  }

  /** The newest entry of a key whose number is not above `seq`; null if there is none. */
  get(key: Uint8Array, seq: number): Entry | null {
    this.#declareRead();
    const found = this.#list.firstFrom({ key, seq })?.entry ?? null;
    return found !== null && areEqual(found.key, key) ? found : null;
  }

  /** From here on nothing is added. */
  freeze(): void {
    this.#monitor.touch(ACCESS_WRITE);
    this.#isFrozen = true;
  }

  cursor(): MemtableCursor {
    return new MemtableCursor(this.#list, () => this.#declareRead());
  }

  /** What never changes again is shared with nobody. */
  #declareRead(): void {
    if (!this.#isFrozen) this.#monitor.touch(ACCESS_READ);
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
