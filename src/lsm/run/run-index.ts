import { byteAt, compareBytes, shortestSeparator } from "../../btree/index.ts";
import type { EntryPlace } from "../entry.ts";
import { ByteSink } from "./byte-sink.ts";
import { ByteSource } from "./byte-source.ts";
import { badRun, RUN_KEY_BYTES_MAX, TRAILER_BYTES } from "./run-format.ts";

/** Instead of a sequence number in a bound: it is before all entries of its key. */
const BEFORE_ALL = 0;

/** Makes the index of a run: how long each data block is, and what bounds it. */
export class IndexWriter {
  readonly #sink = new ByteSink(4096);
  #blocks = 0;

  get blocks(): number {
    return this.#blocks;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#sink.length;
  }

  /**
   * Adds a block.
   *
   * @param stored Its bytes in the file, without its trailer.
   * @param last Its last entry, and `next` the first of the block behind it; null for the last.
   */
  add(stored: number, last: EntryPlace, next: EntryPlace | null): void {
    this.#blocks++;
    this.#sink.varint(stored);
    if (next === null) {
      this.#sink.varint(0);
      this.#sink.varint(BEFORE_ALL);
      return;
    }
    // Of one key the newest is first: what comes before the next block is above its own number.
    const isSameKey = compareBytes(last.key, next.key) === 0;
    const bound = isSameKey ? last.key : shortestSeparator(last.key, next.key);
    this.#sink.varint(bound.length);
    this.#sink.varint(isSameKey ? last.seq : BEFORE_ALL);
    this.#sink.put(bound);
  }

  /** The index as it is stored. */
  finish(smallest: Uint8Array, largest: Uint8Array): Uint8Array {
    const whole = new ByteSink(this.#sink.length + smallest.length + largest.length + 8);
    for (const key of [smallest, largest]) {
      whole.varint(key.length);
      whole.put(key);
    }
    whole.put(this.#sink.bytes);
    return whole.bytes;
  }
}

/** Where the data blocks of a run lie, and which of them a place is in. */
export class RunIndex {
  /** The first key of the run, and the last. */
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
  readonly blocks: number;
  readonly #bytes: Uint8Array;
  /** Of each block: where it begins; behind the last, where it would. */
  readonly #offsets: Float64Array;
  /** Of each block: where in the index its bound's key begins and ends. */
  readonly #boundAt: Uint32Array;
  readonly #boundEnd: Uint32Array;
  /** Of each block: from which sequence number on its bound's key belongs to it; 0 for none. */
  readonly #boundSeq: Float64Array;

  /**
   * @param bytes As {@link IndexWriter} made them.
   * @param blocks How many data blocks there are, and `dataBytes` how many bytes with trailers.
   * @param offset Where in the file `name` the index lies: for messages.
   * @throws LatchworkError BAD_RUN if the bytes make no sense.
   */
  constructor(bytes: Uint8Array, blocks: number, dataBytes: number, name: string, offset: number) {
    const source = new ByteSource(bytes);
    const smallest = source.take(source.varint());
    const largest = source.take(source.varint());
    if (smallest === null || largest === null) {
      throw badRun(name, offset, "the index: the first or last key does not fit");
    }
    // An entry of the index has three bytes at least.
    if (blocks === 0 || blocks > bytes.length / 3) {
      throw badRun(name, offset, `the index: ${blocks} data blocks do not fit`);
    }
    this.smallest = smallest;
    this.largest = largest;
    this.blocks = blocks;
    this.#bytes = bytes;
    this.#offsets = new Float64Array(blocks + 1);
    this.#boundAt = new Uint32Array(blocks);
    this.#boundEnd = new Uint32Array(blocks);
    this.#boundSeq = new Float64Array(blocks);
    for (let i = 0; i < blocks; i++) {
      if (!this.#read(source, i)) throw badRun(name, offset, `the index: entry ${i} does not fit`);
    }
    if (source.at !== bytes.length || this.#offsets[blocks] !== dataBytes) {
      throw badRun(name, offset, "the index does not end where the blocks do");
    }
  }

  /** Bytes of memory that it takes. */
  get memoryBytes(): number {
    return this.#bytes.length + 24 * this.blocks;
  }

  /** Where a block begins. */
  offsetOf(block: number): number {
    return this.#offsets[block] ?? Number.NaN;
  }

  /** Bytes of a block as stored, with its trailer. */
  storedBytes(block: number): number {
    return this.offsetOf(block + 1) - this.offsetOf(block);
  }

  /**
   * The block in which (`key`, `seq`) would be: all blocks before have only entries before it, all
   * blocks behind have none. O(log blocks).
   */
  find(key: Uint8Array, seq: number): number {
    let low = 0;
    let high = this.blocks - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isWithin(middle, key, seq)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Whether a place is before the bound of a block. */
  #isWithin(block: number, key: Uint8Array, seq: number): boolean {
    const bytes = this.#bytes;
    let at = this.#boundAt[block] ?? 0;
    const end = this.#boundEnd[block] ?? 0;
    for (let i = 0; i < key.length; i++, at++) {
      if (at === end) return false;
      const order = byteAt(key, i) - byteAt(bytes, at);
      if (order !== 0) return order < 0;
    }
    if (at < end) return true;
    const from = this.#boundSeq[block] ?? 0;
    return from !== BEFORE_ALL && seq >= from;
  }

  #read(source: ByteSource, block: number): boolean {
    const stored = source.varint();
    const keyBytes = source.varint();
    const seq = source.varint();
    const at = source.at;
    if (!(keyBytes <= RUN_KEY_BYTES_MAX && seq <= Number.MAX_SAFE_INTEGER)) return false;
    if (!(stored > 0) || source.take(keyBytes) === null) return false;
    this.#offsets[block + 1] = this.offsetOf(block) + stored + TRAILER_BYTES;
    this.#boundAt[block] = at;
    this.#boundEnd[block] = at + keyBytes;
    this.#boundSeq[block] = seq;
    return true;
  }
}
