import { assert, type DiskFile, type Task } from "../../task/index.ts";
import type { Block } from "./block.ts";
import type { BlockReader } from "./run-cursor.ts";
import type { RunIndex } from "./run-index.ts";

/** What a sweep reads of. */
export interface SweptRun {
  readonly index: RunIndex;
  readonly file: DiskFile;
  /** Makes a block of its stored bytes; throws BAD_RUN if it is damaged. */
  readonly blockOf: (index: number, stored: Uint8Array) => Block;
}

/**
 * Reads the blocks of a run past the cache, many neighbours with one request: for those who read
 * all of a run once, as a compaction, and should not push out what others use.
 *
 * It keeps the stored bytes of what it read last. For one task at a time.
 */
export class BlockSweep implements BlockReader {
  readonly index: RunIndex;
  readonly #run: SweptRun;
  readonly #bytesAtOnce: number;
  /** The blocks from `#first` on, up to `#end`, as stored. */
  #stored: Uint8Array = new Uint8Array(0);
  #first = 0;
  #end = 0;

  /** @param bytesAtOnce How much is read with one request, if it is whole blocks, or one block. */
  constructor(run: SweptRun, bytesAtOnce: number) {
    this.index = run.index;
    this.#run = run;
    this.#bytesAtOnce = bytesAtOnce;
  }

  /** A block that is among those read last; null for others. */
  blockAtOnce(index: number): Block | null {
    if (index < this.#first || index >= this.#end) return null;
    const from = this.index.offsetOf(index) - this.index.offsetOf(this.#first);
    const stored = this.#stored.subarray(from, from + this.index.storedBytes(index));
    return this.#run.blockOf(index, stored);
  }

  /**
   * A block; its neighbours are read with it, those behind it if it comes behind the ones before.
   *
   * @throws LatchworkError BAD_RUN if it is damaged, or DISK_ERROR.
   */
  *block(index: number): Task<Block> {
    const found = this.blockAtOnce(index);
    if (found !== null) return found;
    const isForward = index >= this.#end;
    let first = index;
    let end = index + 1;
    if (isForward) while (end < this.index.blocks && this.#fits(first, end + 1)) end++;
    else while (first > 0 && this.#fits(first - 1, end)) first--;
    const from = this.index.offsetOf(first);
    const stored = new Uint8Array(this.index.offsetOf(end) - from);
    const count = yield* this.#run.file.read(from, stored);
    this.#stored = stored.subarray(0, count);
    this.#first = first;
    this.#end = end;
    const block = this.blockAtOnce(index);
    assert(block !== null, "the block that is asked for is among those that are read");
    return block;
  }

  #fits(first: number, end: number): boolean {
    return this.index.offsetOf(end) - this.index.offsetOf(first) <= this.#bytesAtOnce;
  }
}
