import type { Guide } from "./guided-walk.ts";
import { NEVER } from "./part.ts";

/** How many blocks are looked at for one to bring forward. */
const LOOKED_AT_MAX = 256;

/**
 * An order of blocks, operations that stand together, which can be changed while it is followed:
 * see Zones for which block must stand before which.
 */
export class BlockGuide implements Guide {
  order: Int32Array;
  readonly ranks = null;
  #length = 0;
  /** Of each block: the place where it begins, and one more at the end. */
  readonly #begins: Int32Array;
  /** Of each block: when its first operation, and its last, is invoked, and when the first ends. */
  readonly #invoked: Int32Array;
  readonly #maxStarts: Int32Array;
  readonly #minEnds: Int32Array;
  #count = 0;
  /** The block that was next when that was last asked. */
  #next = 0;

  constructor(operations: number, blocks: number) {
    this.order = new Int32Array(operations);
    this.#begins = new Int32Array(blocks + 1);
    this.#invoked = new Int32Array(blocks);
    this.#maxStarts = new Int32Array(blocks);
    this.#minEnds = new Int32Array(blocks);
  }

  /** Adds the next operation of the block that is not ended. */
  add(operation: number): void {
    this.order[this.#length++] = operation;
  }

  endBlock(invoked: number, maxStart: number, minEnd: number): void {
    this.#invoked[this.#count] = invoked;
    this.#maxStarts[this.#count] = maxStart;
    this.#minEnds[this.#count] = minEnd;
    this.#begins[++this.#count] = this.#length;
  }

  /** Adds nothing more. */
  finish(): void {
    this.order = this.order.subarray(0, this.#length);
  }

  demand(at: number, place: number): number {
    const next = this.#blockFrom(at);
    if ((this.#begins[next] ?? 0) > place) return -1;
    let wanted = next;
    while ((this.#begins[wanted + 1] ?? 0) <= place) wanted++;
    // Going back, every block that must stand before one of these is wanted too.
    const before: number[] = [];
    const others: number[] = [];
    let maxStart = this.#maxStarts[wanted] ?? 0;
    for (let block = wanted - 1; block >= next; block--) {
      if ((this.#minEnds[block] ?? 0) < maxStart) {
        maxStart = Math.max(maxStart, this.#maxStarts[block] ?? 0);
        before.push(block);
      } else others.push(block);
    }
    if (others.length === 0) return -1;
    return this.#arrange(next, [...before.toReversed(), wanted, ...others.toReversed()]);
  }

  bringForward(at: number, now: number): number {
    const next = this.#blockFrom(at);
    if (this.#begins[next] !== at) return -1;
    const end = Math.min(this.#count, next + LOOKED_AT_MAX);
    let best = -1;
    let minEnd = NEVER;
    for (let block = next; block < end; block++) {
      const mustWait = (this.#maxStarts[block] ?? 0) >= minEnd;
      const own = this.#minEnds[block] ?? NEVER;
      if (!mustWait && (this.#invoked[block] ?? 0) < now) {
        if (best < 0 || own < (this.#minEnds[best] ?? NEVER)) best = block;
      }
      minEnd = Math.min(minEnd, own);
    }
    if (best <= next) return -1;
    const others = Array.from({ length: best - next }, (_, i) => next + i);
    return this.#arrange(next, [best, ...others]);
  }

  /** The first block that begins at a place or after it. */
  #blockFrom(at: number): number {
    while (this.#next < this.#count && (this.#begins[this.#next] ?? 0) < at) this.#next++;
    return this.#next;
  }

  /** Puts the blocks from `first` on into another order; gives the place after the last of them. */
  #arrange(first: number, blocks: readonly number[]): number {
    const begin = this.#begins[first] ?? 0;
    const pieces = blocks.map((block) =>
      this.order.slice(this.#begins[block], this.#begins[block + 1]),
    );
    for (const column of [this.#invoked, this.#maxStarts, this.#minEnds]) {
      const own = blocks.map((block) => column[block] ?? 0);
      column.set(own, first);
    }
    let place = begin;
    for (const [i, piece] of pieces.entries()) {
      this.order.set(piece, place);
      this.#begins[first + i] = place;
      place += piece.length;
    }
    return place;
  }
}
