import { ACCESS_COMMUTE, ACCESS_WRITE, assert, type Host, Monitor } from "../../task/index.ts";
import type { Block } from "./block.ts";
import { BlockFetch, type BlockRead } from "./block-fetch.ts";

/** What a cache has done since it was made. */
export interface CacheStats {
  /** Bytes of the blocks in it, and how many blocks. */
  readonly bytes: number;
  readonly blocks: number;
  /** How often a block that was sought was there, and how often it had to be read. */
  readonly hits: number;
  readonly misses: number;
}

/** Memory that a block takes beside its bytes, about. */
const BESIDE_A_BLOCK = 256;

/** A block in the cache; one of a ring. */
interface CachedBlock {
  readonly block: Block;
  readonly slots: BlockSlots;
  readonly index: number;
  /** Asked for since the hand last came by. */
  isRecent: boolean;
  next: CachedBlock;
  previous: CachedBlock;
}

/** The blocks of one run that are in the cache, or on their way. */
export class BlockSlots {
  readonly places: (CachedBlock | BlockFetch | null)[];

  constructor(blocks: number) {
    this.places = Array.from({ length: blocks }, () => null);
  }
}

/**
 * The data blocks that were read last, of all runs together, within a budget of bytes.
 *
 * A clock (Corbató, 1968) decides which goes: a hand goes around, and takes away the first that
 * nobody has asked for since it last came by. A new block has not been asked for again, so blocks
 * that are read once, as by a scan, do not push out those in use. Whoever works with a block keeps
 * it, in the cache or not.
 */
export class BlockCache {
  readonly bytesMax: number;
  readonly #monitor: Monitor;
  /** Where the clock's hand is; null if the cache is empty. */
  #hand: CachedBlock | null = null;
  #bytes = 0;
  #blocks = 0;
  #hits = 0;
  #misses = 0;

  constructor(host: Host, bytesMax: number) {
    this.bytesMax = bytesMax;
    this.#monitor = new Monitor(host, "the block cache");
  }

  get stats(): CacheStats {
    return {
      bytes: this.#bytes,
      blocks: this.#blocks,
      hits: this.#hits,
      misses: this.#misses,
    };
  }

  /** A block, if it is there. O(1). */
  find(slots: BlockSlots, index: number): Block | null {
    const found = slots.places[index] ?? null;
    if (found === null || found instanceof BlockFetch) return null;
    this.#monitor.touch(ACCESS_COMMUTE);
    found.isRecent = true;
    this.#hits++;
    return found.block;
  }

  /**
   * The read of a block that is not there, to wait for; `begin` begins it, unless it is under way.
   * Whoever asks meanwhile waits for the same, and whoever asks after it failed begins another.
   */
  fetch(slots: BlockSlots, index: number, begin: () => BlockRead): BlockFetch {
    this.#monitor.touch(ACCESS_WRITE);
    this.#misses++;
    const found = slots.places[index] ?? null;
    if (found instanceof BlockFetch) return found;
    assert(found === null, "a block in the cache is not read again");
    const fetch = new BlockFetch(begin(), this.#monitor, (block) => {
      slots.places[index] = null;
      if (block === null) return;
      this.#insert(slots, index, block);
      while (this.#bytes > this.bytesMax) this.#evictOne();
    });
    slots.places[index] = fetch;
    return fetch;
  }

  /** Forgets all blocks of a run. Requires: none is being read. O(its blocks). */
  forget(slots: BlockSlots): void {
    this.#monitor.touch(ACCESS_WRITE);
    for (const place of slots.places) {
      assert(!(place instanceof BlockFetch), "no block of a run that is closed is being read");
      if (place !== null) this.#remove(place);
    }
  }

  /** Behind the hand, which comes there last. */
  #insert(slots: BlockSlots, index: number, block: Block): void {
    const hand = this.#hand;
    const made = { block, slots, index, isRecent: false } as CachedBlock;
    made.next = hand ?? made;
    made.previous = hand?.previous ?? made;
    made.next.previous = made;
    made.previous.next = made;
    this.#hand ??= made;
    slots.places[index] = made;
    this.#bytes += block.bytes.length + BESIDE_A_BLOCK;
    this.#blocks++;
  }

  #evictOne(): void {
    let hand = this.#hand;
    assert(hand !== null, "a cache that holds bytes has a block");
    while (hand.isRecent) {
      hand.isRecent = false;
      hand = hand.next;
    }
    this.#hand = hand;
    this.#remove(hand);
  }

  #remove(cached: CachedBlock): void {
    cached.slots.places[cached.index] = null;
    cached.previous.next = cached.next;
    cached.next.previous = cached.previous;
    if (this.#hand === cached) this.#hand = cached.next === cached ? null : cached.next;
    this.#bytes -= cached.block.bytes.length + BESIDE_A_BLOCK;
    this.#blocks--;
  }
}
