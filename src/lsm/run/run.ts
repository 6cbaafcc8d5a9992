import { compareBytes } from "../../btree/index.ts";
import { type BlockCodec, type Checksum, crc32 } from "../../storage/index.ts";
import { assert, type Disk, type DiskFile, type Task } from "../../task/index.ts";
import { AtOnce } from "../at-once.ts";
import type { Entry } from "../entry.ts";
import { Block } from "./block.ts";
import { type BlockCache, BlockSlots } from "./block-cache.ts";
import { type BlockRead, FetchStep } from "./block-fetch.ts";
import { BlockSearch } from "./block-search.ts";
import { BlockSweep } from "./block-sweep.ts";
import { decodeFooter, indexOffset } from "./footer.ts";
import { filterHash, KeyFilter } from "./key-filter.ts";
import { badRun, BLOCK_BYTES_MAX, FOOTER_BYTES, TRAILER_BYTES } from "./run-format.ts";
import { RunCursor } from "./run-cursor.ts";
import { RunIndex } from "./run-index.ts";
import { type Sealing, unsealBlock } from "./sealed-block.ts";
import type { RunInfo } from "./write-run.ts";

/** What a run is opened with. */
export interface OpenRunOptions {
  /** Those that may have packed its blocks. Default none. */
  readonly codecs?: readonly BlockCodec[];
  readonly checksum?: Checksum;
  /** Makes the run, for those who want another. Default: a {@link Run}. */
  readonly make?: (parts: RunParts) => Run;
}

const SWEPT_AT_ONCE = 1 << 18;
const NOT_THERE = new AtOnce<Entry | null>(null);

/**
 * Opens a run: reads its footer, its filter and its index, which stay in memory.
 *
 * @param cache For its data blocks.
 * @throws LatchworkError BAD_RUN if any of the three is damaged; NO_SUCH_FILE or DISK_ERROR.
 */
export function* openRun(
  disk: Disk,
  name: string,
  cache: BlockCache,
  options: OpenRunOptions = {},
): Task<Run> {
  const sealing: Sealing = {
    checksum: options.checksum ?? crc32,
    codecs: options.codecs ?? [],
  };
  const file = yield* disk.open(name, "read");
  try {
    const parts = yield* readRun(file, cache, sealing);
    return options.make?.(parts) ?? new Run(parts);
  } catch (error) {
    yield* file.close();
    throw error;
  }
}

function* readRun(file: DiskFile, cache: BlockCache, sealing: Sealing): Task<RunParts> {
  const { name } = file;
  const size = yield* file.size();
  const footerAt = Math.max(0, size - FOOTER_BYTES);
  const footer = decodeFooter(
    yield* bytesAt(file, footerAt, size - footerAt),
    name,
    size,
    sealing.checksum,
  );
  const { dataBytes, filterBytes } = footer;
  const indexAt = indexOffset(footer);
  const held = yield* bytesAt(file, dataBytes, footerAt - dataBytes);
  const unseal = (from: number, to: number, what: string): Uint8Array => {
    const part = held.subarray(from - dataBytes, to - dataBytes);
    return unsealBlock(part, to - from, name, from, what, sealing);
  };
  const filter = unseal(dataBytes, indexAt, "the filter");
  assert(filterBytes === indexAt - dataBytes - TRAILER_BYTES, "the index is behind the filter");
  if (!KeyFilter.isSound(filter)) throw badRun(name, dataBytes, "the filter makes no sense");
  const indexBytes = unseal(indexAt, footerAt, "the index");
  const index = new RunIndex(indexBytes, footer.dataBlocks, dataBytes, name, indexAt);
  const { smallest, largest } = index;
  const info: RunInfo = { ...footer, name, smallest, largest, fileBytes: size };
  return { file, cache, sealing, info, index, filter: new KeyFilter(filter) };
}

/** So many bytes, or as many as there are. */
function* bytesAt(file: DiskFile, at: number, length: number): Task<Uint8Array> {
  if (length > BLOCK_BYTES_MAX) throw badRun(file.name, at, `${length} bytes are not read at once`);
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, yield* file.read(at, bytes));
}

/** What a run is made of. */
export interface RunParts {
  readonly file: DiskFile;
  readonly cache: BlockCache;
  readonly sealing: Sealing;
  readonly info: RunInfo;
  readonly index: RunIndex;
  readonly filter: KeyFilter;
}

/** A sorted run, open to be read by any number of tasks. It never changes. */
export class Run {
  readonly info: RunInfo;
  readonly index: RunIndex;
  readonly #file: DiskFile;
  readonly #cache: BlockCache;
  readonly #sealing: Sealing;
  readonly #filter: KeyFilter;
  readonly #slots: BlockSlots;
  readonly #search = new BlockSearch();

  /** For {@link openRun}. */
  constructor(parts: RunParts) {
    this.info = parts.info;
    this.index = parts.index;
    this.#file = parts.file;
    this.#cache = parts.cache;
    this.#sealing = parts.sealing;
    this.#filter = parts.filter;
    this.#slots = new BlockSlots(parts.index.blocks);
  }

  get name(): string {
    return this.#file.name;
  }

  /** Bytes of memory that it takes as long as it is open, beside its blocks in the cache. */
  get memoryBytes(): number {
    return this.#filter.byteLength + this.index.memoryBytes + 8 * this.index.blocks;
  }

  /** Whether the key of this hash may be in the run; see {@link filterHash}. O(1). */
  mayHold(hash: number): boolean {
    return this.#filter.mayHold(hash);
  }

  /**
   * The newest entry of a key whose sequence number is not above `seq`, or null. Its bytes are the
   * cache's.
   *
   * @param hash The key's {@link filterHash}, for those who ask several runs.
   * @throws LatchworkError BAD_RUN if the block is damaged, or DISK_ERROR.
   */
  get(key: Uint8Array, seq: number, hash: number = filterHash(key)): Task<Entry | null> {
    const found = this.getAtOnce(key, seq, hash);
    if (found === null) return NOT_THERE;
    return found === undefined ? this.#readAndFind(key, seq) : new AtOnce<Entry | null>(found);
  }

  /** The same, if no block has to be read for it; undefined otherwise. */
  getAtOnce(key: Uint8Array, seq: number, hash: number): Entry | null | undefined {
    if (!this.mayHold(hash)) return null;
    const { smallest, largest } = this.index;
    if (compareBytes(key, smallest) < 0 || compareBytes(key, largest) > 0) return null;
    const block = this.#cache.find(this.#slots, this.index.find(key, seq));
    return block === null ? undefined : this.#entryIn(block, key, seq);
  }

  /** A cursor over all entries, before the first. */
  cursor(): RunCursor {
    return new RunCursor(this);
  }

  /**
   * What reads blocks past the cache, neighbours at once, for one who reads all of the run.
   *
   * @param bytesAtOnce How much with one request. Default 256 KiB.
   */
  sweep(bytesAtOnce: number = SWEPT_AT_ONCE): BlockSweep {
    const blockOf = (index: number, stored: Uint8Array): Block => this.#blockOf(index, stored);
    return new BlockSweep({ index: this.index, file: this.#file, blockOf }, bytesAtOnce);
  }

  /** A cursor as {@link cursor}, over a {@link sweep}. */
  sweepingCursor(bytesAtOnce: number = SWEPT_AT_ONCE): RunCursor {
    return new RunCursor(this.sweep(bytesAtOnce));
  }

  /** A data block, if it is in the cache. */
  blockAtOnce(index: number): Block | null {
    return this.#cache.find(this.#slots, index);
  }

  /**
   * A data block, read if it has to be.
   *
   * @throws LatchworkError BAD_RUN if it is damaged, or DISK_ERROR.
   */
  *block(index: number): Task<Block> {
    const found = this.#cache.find(this.#slots, index);
    if (found !== null) return found;
    const fetch = this.#cache.fetch(this.#slots, index, () => this.#beginRead(index));
    yield new FetchStep(fetch);
    return fetch.block;
  }

  /** Gives back what it holds. Requires: nobody reads it any more. */
  *close(): Task<void> {
    this.#cache.forget(this.#slots);
    yield* this.#file.close();
  }

  *#readAndFind(key: Uint8Array, seq: number): Task<Entry | null> {
    return this.#entryIn(yield* this.block(this.index.find(key, seq)), key, seq);
  }

  #beginRead(index: number): BlockRead {
    const stored = new Uint8Array(this.index.storedBytes(index));
    return {
      request: this.#file.read(this.index.offsetOf(index), stored),
      complete: (count) => this.#blockOf(index, stored.subarray(0, count)),
    };
  }

  /** @throws LatchworkError BAD_RUN if the block is damaged, or not all there. */
  #blockOf(index: number, stored: Uint8Array): Block {
    const offset = this.index.offsetOf(index);
    const expected = this.index.storedBytes(index);
    const what = "a data block";
    const bytes = unsealBlock(stored, expected, this.name, offset, what, this.#sealing);
    return new Block(bytes, this.name, offset);
  }

  #entryIn(block: Block, key: Uint8Array, seq: number): Entry | null {
    const search = this.#search;
    if (!search.find(block, key, seq) || !search.isSameKey) return null;
    const { spot } = search;
    const kind = spot.isTombstone ? "tombstone" : "value";
    return { key, seq: spot.seq, kind, value: block.bytes.subarray(spot.keyEnd, spot.end) };
  }
}
