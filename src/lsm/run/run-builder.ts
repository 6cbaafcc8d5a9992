import { compareBytes } from "../../btree/index.ts";
import { type BlockCodec, type Checksum, crc32 } from "../../storage/index.ts";
import { assert } from "../../task/index.ts";
import { compareEntries, type Entry, SEQ_MAX } from "../entry.ts";
import { BlockWriter } from "./block-writer.ts";
import { ByteSink } from "./byte-sink.ts";
import { encodeFooter, fileBytesOf, type Footer } from "./footer.ts";
import { FilterWriter, filterHash } from "./key-filter.ts";
import { BLOCK_BYTES_MAX, RUN_KEY_BYTES_MAX, TRAILER_BYTES } from "./run-format.ts";
import { IndexWriter } from "./run-index.ts";
import { sealBlock } from "./sealed-block.ts";

/** How a run is laid out; a reader need not know. */
export interface RunOptions {
  /** A data block is closed once its entries have so many bytes. Default 4096. */
  readonly blockBytes?: number;
  /** Entries from one whole key to the next. Default 16. */
  readonly restartEvery?: number;
  /** Bits of the filter for each key; 0 for no filter. Default 10. */
  readonly bitsAKey?: number;
  /** What packs data blocks and the index. Default null: nothing. */
  readonly codec?: BlockCodec | null;
  readonly checksum?: Checksum;
}

/** What a run holds. */
export interface RunSummary extends Footer {
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
  readonly fileBytes: number;
}

/**
 * Makes the bytes of a run out of entries that come in order.
 *
 * They are given in parts, so that a task can write them while the run grows. What has to wait for
 * the end is kept: some bytes for each block, and four for each key.
 */
export class RunBuilder {
  readonly #blockBytes: number;
  readonly #bitsAKey: number;
  readonly #codec: BlockCodec | null;
  readonly #checksum: Checksum;
  readonly #block: BlockWriter;
  readonly #index = new IndexWriter();
  readonly #filter = new FilterWriter();
  readonly #out = new ByteSink(1 << 16);
  /** The first entry, and the one before, with keys of their own. */
  #first: Entry | null = null;
  #last: Entry | null = null;
  /** Bytes in the file of the block that was closed last; null once it is in the index. */
  #closed: number | null = null;
  #dataBytes = 0;
  #takenBytes = 0;
  #entries = 0;
  #tombstones = 0;
  #smallestSeq = SEQ_MAX;
  #largestSeq = 0;
  #isFinished = false;

  constructor(options: RunOptions = {}) {
    this.#blockBytes = options.blockBytes ?? 4096;
    this.#bitsAKey = options.bitsAKey ?? 10;
    this.#codec = options.codec ?? null;
    this.#checksum = options.checksum ?? crc32;
    this.#block = new BlockWriter(options.restartEvery ?? 16);
  }

  get entries(): number {
    return this.#entries;
  }

  /** Bytes that can be taken now. */
  get readyBytes(): number {
    return this.#out.length;
  }

  /** About how many bytes the file would have if it ended here, without the filter. */
  get fileBytes(): number {
    return this.#dataBytes + this.#block.length + this.#index.length;
  }

  /** Requires: the entry comes after those before. Its bytes are copied. */
  add(entry: Entry): void {
    const last = this.#last;
    const { key, seq, kind, value } = entry;
    assert(!this.#isFinished, "nothing is added to a run that is finished");
    assert(last === null || compareEntries(last, entry) < 0, "entries of a run come in order");
    assert(key.length <= RUN_KEY_BYTES_MAX, "a run's keys are short enough");
    assert(value.length < BLOCK_BYTES_MAX / 2, "a run's values are short enough");
    assert(seq < SEQ_MAX && Number.isSafeInteger(seq), "a sequence number is a whole number");
    const isTombstone = kind === "tombstone";
    assert(!isTombstone || value.length === 0, "a tombstone has no value");
    // A copy, of a Buffer too, whose `slice` is none.
    const own: Entry = { key: new Uint8Array(key), seq, kind, value };
    if (last === null) this.#first = own;
    if (this.#closed !== null && last !== null) {
      this.#index.add(this.#closed, last, own);
      this.#closed = null;
    }
    if (last === null || compareBytes(last.key, key) !== 0) {
      this.#filter.add(filterHash(key));
    }
    this.#block.add(own);
    this.#last = own;
    this.#entries++;
    if (isTombstone) this.#tombstones++;
    if (seq < this.#smallestSeq) this.#smallestSeq = seq;
    if (seq > this.#largestSeq) this.#largestSeq = seq;
    if (this.#block.length >= this.#blockBytes) this.#closeBlock();
  }

  /** Ends the run; what is ready then is its end. Requires: it has an entry. */
  finish(): RunSummary {
    const first = this.#first;
    const last = this.#last;
    assert(!this.#isFinished && first !== null && last !== null, "a run that ends has an entry");
    this.#isFinished = true;
    if (!this.#block.isEmpty) this.#closeBlock();
    if (this.#closed !== null) this.#index.add(this.#closed, last, null);
    const filterBytes = this.#seal(this.#filter.finish(this.#bitsAKey), null);
    const indexBytes = this.#seal(this.#index.finish(first.key, last.key), this.#codec);
    const footer: Footer = {
      entries: this.#entries,
      tombstones: this.#tombstones,
      smallestSeq: this.#smallestSeq,
      largestSeq: this.#largestSeq,
      dataBytes: this.#dataBytes,
      dataBlocks: this.#index.blocks,
      filterBytes,
      indexBytes,
    };
    this.#out.put(encodeFooter(footer, this.#checksum));
    const fileBytes = fileBytesOf(footer);
    assert(this.#takenBytes + this.readyBytes === fileBytes, "a run is as long as its footer says");
    return { ...footer, smallest: first.key, largest: last.key, fileBytes };
  }

  /** What comes next in the file. It is the caller's from now on. */
  take(): Uint8Array {
    const part = this.#out.bytes.slice();
    this.#takenBytes += part.length;
    this.#out.empty();
    return part;
  }

  #closeBlock(): void {
    this.#closed = this.#seal(this.#block.finish(), this.#codec);
    this.#dataBytes += this.#closed + TRAILER_BYTES;
  }

  #seal(bytes: Uint8Array, codec: BlockCodec | null): number {
    const offset = this.#takenBytes + this.#out.length;
    return sealBlock(bytes, offset, this.#out, this.#checksum, codec);
  }
}
