import { assert, type Task } from "../../task/index.ts";
import { DONE, ENDED, MOVED } from "../at-once.ts";
import type { Cursor } from "../cursor.ts";
import type { Entry } from "../entry.ts";
import { type Block, EntrySpot } from "./block.ts";
import { entryOf } from "./block-entries.ts";
import { BlockSearch } from "./block-search.ts";
import type { RunIndex } from "./run-index.ts";

/** What a cursor reads. */
export interface BlockReader {
  readonly index: RunIndex;
  blockAtOnce(index: number): Block | null;
  block(index: number): Task<Block>;
}

/** An entry, and where in its block it begins. */
interface PlacedEntry {
  readonly at: number;
  readonly entry: Entry;
}

/** Behind all entries of a key. */
const BEHIND_ALL = -1;
const BEFORE_ALL = Number.MAX_SAFE_INTEGER;
const NO_BYTES = new Uint8Array(0);

/**
 * A place in a run: on an entry, or between two.
 *
 * It keeps its block, so that nothing is read again while it stays there. The entries that it gives
 * do not change. Moves that need no block from the disk are done at once.
 */
export class RunCursor implements Cursor {
  readonly #run: BlockReader;
  readonly #spot = new EntrySpot();
  readonly #search = new BlockSearch();
  /** The block it is in, and its index; null before anything was read, or at either end. */
  #block: Block | null = null;
  #index: number;
  /** Where in the block the next entry begins, if it is between two; else the one it is on. */
  #at = 0;
  /** The entry at `#at`, once its key is known. */
  #entry: Entry | null = null;
  /** Where that entry ends. */
  #end = 0;
  #isOn = false;
  /** Going back: entries between a restart point and `#at`, for they can only be read forward. */
  #stretch: PlacedEntry[] = [];

  constructor(run: BlockReader) {
    this.#run = run;
    this.#index = -1;
  }

  get entry(): Entry {
    assert(this.#isOn && this.#entry !== null, "a cursor that is asked for its entry is on one");
    return this.#entry;
  }

  seek(key: Uint8Array | null, seq: number): Task<void> {
    if (key !== null) return this.#seekTo(key, seq);
    this.#leave(-1);
    return DONE;
  }

  seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void> {
    if (key !== null) return this.#seekTo(key, isInclusive ? BEHIND_ALL : BEFORE_ALL);
    this.#leave(this.#run.index.blocks);
    return DONE;
  }

  next(): Task<boolean> {
    const block = this.#block;
    if (block !== null && this.#stepForward(block)) return MOVED;
    const next = this.#index + 1;
    if (next >= this.#run.index.blocks) {
      this.#leave(this.#run.index.blocks);
      return ENDED;
    }
    const found = this.#run.blockAtOnce(next);
    if (found === null) return this.#readNext(next);
    this.#enterFront(found, next);
    return MOVED;
  }

  previous(): Task<boolean> {
    const block = this.#block;
    if (block !== null && this.#stepBack(block)) return MOVED;
    const before = this.#index - 1;
    if (before < 0) {
      this.#leave(-1);
      return ENDED;
    }
    const found = this.#run.blockAtOnce(before);
    if (found === null) return this.#readPrevious(before);
    this.#enterBack(found, before);
    return MOVED;
  }

  close(): void {
    this.#leave(-1);
  }

  /** Goes out of all blocks, to either end. */
  #leave(index: number): void {
    this.#block = null;
    this.#stretch.length = 0;
    this.#index = index;
    this.#entry = null;
    this.#isOn = false;
  }

  #seekTo(key: Uint8Array, seq: number): Task<void> {
    const index = this.#run.index.find(key, seq);
    const block = index === this.#index ? this.#block : this.#run.blockAtOnce(index);
    if (block === null) return this.#readAndSeek(index, key, seq);
    this.#seekIn(block, index, key, seq);
    return DONE;
  }

  *#readAndSeek(index: number, key: Uint8Array, seq: number): Task<void> {
    this.#seekIn(yield* this.#run.block(index), index, key, seq);
  }

  *#readNext(index: number): Task<boolean> {
    this.#enterFront(yield* this.#run.block(index), index);
    return true;
  }

  *#readPrevious(index: number): Task<boolean> {
    this.#enterBack(yield* this.#run.block(index), index);
    return true;
  }

  #seekIn(block: Block, index: number, key: Uint8Array, seq: number): void {
    const search = this.#search;
    this.#block = block;
    this.#index = index;
    this.#stretch.length = 0;
    this.#isOn = false;
    this.#entry = null;
    const isThere = search.find(block, key, seq);
    this.#at = search.at;
    if (isThere) this.#keep(block, search.spot, key);
  }

  #enterFront(block: Block, index: number): void {
    this.#block = block;
    this.#index = index;
    this.#take(block, 0, NO_BYTES);
  }

  #enterBack(block: Block, index: number): void {
    this.#block = block;
    this.#index = index;
    this.#stretch.length = 0;
    this.#at = block.end;
    this.#entry = null;
    const isMoved = this.#stepBack(block);
    assert(isMoved, "a block has an entry");
  }

  /** To the next entry of the block, if there is one. */
  #stepForward(block: Block): boolean {
    const entry = this.#entry;
    if (!this.#isOn && entry !== null) {
      this.#isOn = true;
      return true;
    }
    const at = this.#isOn ? this.#end : this.#at;
    if (at >= block.end) return false;
    assert(entry !== null, "a cursor within a block knows the entry before the one it goes to");
    this.#take(block, at, entry.key);
    return true;
  }

  /** To the entry before, if the block has one. */
  #stepBack(block: Block): boolean {
    const end = this.#at;
    if (end === 0) return false;
    if (this.#stretch.length === 0) this.#readStretch(block, end);
    const before = this.#stretch.pop();
    assert(before !== undefined, "a stretch has an entry");
    this.#entry = before.entry;
    this.#at = before.at;
    this.#end = end;
    this.#isOn = true;
    return true;
  }

  /** Reads the entries from the last restart point before an offset on, up to that offset. */
  #readStretch(block: Block, end: number): void {
    const spot = this.#spot;
    const stretch: PlacedEntry[] = [];
    let before: Uint8Array = NO_BYTES;
    for (let at = block.restartAt(block.restartBefore(end)); at < end; at = spot.end) {
      spot.read(block, at);
      const entry = entryOf(block, spot, before);
      before = entry.key;
      stretch.push({ at, entry });
    }
    if (spot.end !== end) throw block.damage("the restart points make no sense");
    this.#stretch = stretch;
  }

  /** Goes on the entry that begins at an offset; `before` is the key of the one before it. */
  #take(block: Block, at: number, before: Uint8Array): void {
    this.#stretch.length = 0;
    this.#spot.read(block, at);
    this.#at = at;
    this.#keep(block, this.#spot, before);
    this.#isOn = true;
  }

  #keep(block: Block, spot: EntrySpot, before: Uint8Array): void {
    this.#end = spot.end;
    this.#entry = entryOf(block, spot, before);
  }
}
