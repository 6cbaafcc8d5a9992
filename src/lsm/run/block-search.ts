import { byteAt } from "../../btree/index.ts";
import { type Block, EntrySpot } from "./block.ts";

/** Finds places in blocks, without making the keys that it passes. Keeps the last place found. */
export class BlockSearch {
  /** The entry found. Means something only if the search gave true. */
  readonly spot: EntrySpot = new EntrySpot();
  /** Where the entry found begins; the end of the entries if there is none. */
  at = 0;
  /** Whether the entry found has the very key that was sought. */
  isSameKey = false;
  /** How many bytes the key of the entry before shares with the sought one. */
  #matched = 0;

  /**
   * Finds the first entry that does not come before (`key`, `seq`). The bytes that its key shares
   * with the entry before are those of `key`.
   *
   * @returns whether the block has one.
   */
  find(block: Block, key: Uint8Array, seq: number): boolean {
    const { spot } = this;
    const first = this.#restartFor(block, key, seq);
    // Where the next one is, the scan ends; its key is whole, whatever the one before has.
    const last = first + 1 < block.restarts ? block.restartAt(first + 1) : block.end;
    this.at = block.restartAt(first);
    this.#matched = 0;
    while (this.at < block.end) {
      if (this.at === last) this.#matched = 0;
      spot.read(block, this.at);
      if (!this.#isBefore(block, key, seq)) return true;
      this.at = spot.end;
    }
    return false;
  }

  /** The last restart point whose entry comes before (`key`, `seq`), or the first of all. */
  #restartFor(block: Block, key: Uint8Array, seq: number): number {
    let low = 0;
    let high = block.restarts;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      this.spot.read(block, block.restartAt(middle));
      this.#matched = 0;
      if (this.#isBefore(block, key, seq)) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * Whether the entry at hand comes before what is sought. So did the one before it, whose key has
   * its first `#matched` bytes, and no more, in common with `key`.
   */
  #isBefore(block: Block, key: Uint8Array, seq: number): boolean {
    const { spot } = this;
    this.isSameKey = false;
    // It is like the key before up to where that is below, and farther.
    if (spot.shared > this.#matched) return true;
    // It rises above the key before where that was still as the sought one is.
    if (spot.shared < this.#matched) return false;
    const { bytes } = block;
    let at = spot.keyAt;
    let matched = this.#matched;
    while (at < spot.keyEnd && matched < key.length) {
      const order = byteAt(bytes, at) - byteAt(key, matched);
      if (order !== 0) {
        this.#matched = matched;
        return order < 0;
      }
      at++;
      matched++;
    }
    this.#matched = matched;
    if (at < spot.keyEnd) return false;
    if (matched < key.length) return true;
    this.isSameKey = true;
    return spot.seq > seq;
  }
}
