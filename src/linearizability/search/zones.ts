import { BlockGuide } from "./block-guide.ts";
import { NONE } from "./footprint-columns.ts";
import { NEVER } from "./part.ts";

/** Before the first event: when the first value was there already. */
const EVER = -1;

/** A register's operations as columns, each value being made by one of them at most. */
export interface ValueColumns {
  readonly operations: number;
  /** Of each operation: the value it must find, and the one it makes, or NONE. */
  readonly needs: Int32Array;
  readonly makes: Int32Array;
  /** Of each value: the operation that makes it, or NONE. */
  readonly makers: Int32Array;
  readonly isRequired: Uint8Array;
  /** Of each operation: the events between which it takes effect. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly initial: number;
}

/**
 * Whether a register's operations can be ordered, where each value is made once.
 *
 * Take a value's *cluster*: the write that makes it and all that find it there. In any order that
 * explains the answers a cluster stands together, its write first, since its value comes but once.
 * A cas from a to b ends the cluster of a and begins that of b, so the two stand together as well,
 * and no second cas can follow on a. Clusters that hang together so form a *block*; one that begins
 * with the first value stands before all others.
 *
 * So the history is right exactly if (1) within each block no operation ends before one that stands
 * before it begins, and (2) the blocks can be ordered: A must stand before B if an operation of A
 * ends before one of B begins, that is if minEnd(A) < maxStart(B). For if both hold, the blocks one
 * after the other are an order that explains every answer and agrees with real time. (2) fails only
 * if two blocks must each stand before the other: in a longer circle the block with the least end
 * must stand before every other one, so also before the one that must stand before it.
 *
 * Of an operation that need not happen: if a value it makes is found, it did happen; if not, it can
 * be left out, with no harm to the others.
 */
export class Zones {
  readonly #columns: ValueColumns;
  /** Of each value: whether it was there for certain, and what a cas that happened made of it. */
  readonly #isThere: Uint8Array;
  readonly #nexts: Int32Array;
  /** Of each value: when the first of those who only find it ends, and the last begins. */
  readonly #minEnds: Int32Array;
  readonly #maxStarts: Int32Array;
  /** Of each block, by its first value: the same over all its operations. */
  readonly #blockEnds: Int32Array;
  readonly #blockStarts: Int32Array;
  /** By event, from EVER: the first value of the block whose zone begins there. */
  readonly #blocks: Int32Array;
  #limit = 0;

  constructor(columns: ValueColumns) {
    const values = columns.makers.length;
    this.#columns = columns;
    this.#isThere = new Uint8Array(values);
    this.#nexts = new Int32Array(values);
    this.#minEnds = new Int32Array(values);
    this.#maxStarts = new Int32Array(values);
    this.#blockEnds = new Int32Array(values);
    this.#blockStarts = new Int32Array(values);
    this.#blocks = new Int32Array(columns.operations * 2 + 1);
  }

  get bytes(): number {
    return this.#nexts.byteLength * 6 + this.#blocks.byteLength;
  }

  /**
   * True if the operations can be ordered that returned up to event `limit`, with what others were
   * open then. O(operations + values + events).
   */
  agreeUpTo(limit: number): boolean {
    this.#limit = limit;
    this.#isThere.fill(0);
    this.#nexts.fill(NONE);
    this.#minEnds.fill(NEVER);
    this.#maxStarts.fill(EVER);
    this.#blocks.fill(NONE);
    return this.#gather() && this.#build() && this.#areApart();
  }

  /** An order of what happened up to the last event for which `agreeUpTo` was true. */
  guide(): BlockGuide {
    const { operations, needs, makes, makers, isRequired, starts, ends } = this.#columns;
    // Those who only find a value, as lists by value, each in the order of invocation.
    const firsts = new Int32Array(makers.length).fill(NONE);
    const others = new Int32Array(operations).fill(NONE);
    for (let i = operations - 1; i >= 0; i--) {
      const value = needs[i] ?? NONE;
      if (value === NONE || makes[i] !== NONE || isRequired[i] === 0) continue;
      if ((ends[i] ?? NEVER) > this.#limit) continue;
      others[i] = firsts[value] ?? NONE;
      firsts[value] = i;
    }
    const guide = new BlockGuide(operations, makers.length);
    for (const block of this.#blocks) {
      if (block === NONE) continue;
      for (let value = block; value !== NONE; value = this.#nexts[value] ?? NONE) {
        const maker = makers[value] ?? NONE;
        if (maker !== NONE) guide.add(maker);
        for (let i = firsts[value] ?? NONE; i !== NONE; i = others[i] ?? NONE) guide.add(i);
      }
      const invoked = starts[makers[block] ?? NONE] ?? EVER;
      guide.endBlock(invoked, this.#blockStarts[block] ?? 0, this.#blockEnds[block] ?? 0);
    }
    guide.finish();
    return guide;
  }

  /** Finds out which values were there; false if one cannot have been. */
  #gather(): boolean {
    const { operations, needs, makes, isRequired, starts, ends } = this.#columns;
    for (let i = 0; i < operations; i++) {
      if (isRequired[i] === 0 || (ends[i] ?? NEVER) > this.#limit) continue;
      const made = makes[i] ?? NONE;
      const needed = needs[i] ?? NONE;
      if (made !== NONE) {
        if (!this.#wasThere(made)) return false;
      } else if (needed !== NONE) {
        if (!this.#wasThere(needed)) return false;
        this.#minEnds[needed] = Math.min(this.#minEnds[needed] ?? 0, ends[i] ?? 0);
        this.#maxStarts[needed] = Math.max(this.#maxStarts[needed] ?? 0, starts[i] ?? 0);
      }
    }
    return true;
  }

  /** Takes note of a value, and of those that it was made from. */
  #wasThere(certain: number): boolean {
    const { needs, makers, starts, initial } = this.#columns;
    let value = certain;
    while (this.#isThere[value] === 0) {
      this.#isThere[value] = 1;
      if (value === initial) return true;
      const maker = makers[value] ?? NONE;
      if (maker === NONE || (starts[maker] ?? 0) > this.#limit) return false;
      const from = needs[maker] ?? NONE;
      if (from === NONE) return true;
      if (this.#nexts[from] !== NONE) return false;
      this.#nexts[from] = value;
      value = from;
    }
    return true;
  }

  /** Makes blocks of the clusters; false if one cannot stand together. */
  #build(): boolean {
    const { needs, makers, initial } = this.#columns;
    let left = 0;
    for (let value = 0; value < makers.length; value++) {
      if (this.#isThere[value] === 0) continue;
      left++;
      const maker = makers[value] ?? NONE;
      if (value !== initial && needs[maker] !== NONE) continue;
      const length = this.#buildBlock(value);
      if (length === 0) return false;
      left -= length;
    }
    // What is left are circles of cas, each of which would have to come before all others.
    return left === 0;
  }

  /** How many clusters the block has that begins with `first`; 0 if they cannot be. */
  #buildBlock(first: number): number {
    const { makers, starts, ends, initial } = this.#columns;
    let minEnd = first === initial ? EVER : NEVER;
    let maxStart = EVER;
    let length = 0;
    for (let value = first; value !== NONE; value = this.#nexts[value] ?? NONE) {
      length++;
      const maker = makers[value] ?? NONE;
      if (maker !== NONE) {
        const end = ends[maker] ?? NEVER;
        const known = end > this.#limit ? NEVER : end;
        if (known < maxStart) return 0;
        maxStart = Math.max(maxStart, starts[maker] ?? 0);
        minEnd = Math.min(minEnd, known);
      }
      const minEndHere = this.#minEnds[value] ?? NEVER;
      if (minEndHere < maxStart) return 0;
      maxStart = Math.max(maxStart, this.#maxStarts[value] ?? EVER);
      minEnd = Math.min(minEnd, minEndHere);
    }
    this.#blockEnds[first] = minEnd;
    this.#blockStarts[first] = maxStart;
    this.#blocks[Math.min(minEnd, maxStart) - EVER] = first;
    return length;
  }

  /**
   * False if two blocks must each stand before the other. By the beginning of their zones, which
   * lie between least end and last start, it is enough to compare each block with those before it
   * that must stand before it, and of these with the one that begins last of all.
   */
  #areApart(): boolean {
    let lastStart = EVER;
    for (const first of this.#blocks) {
      if (first === NONE) continue;
      const minEnd = this.#blockEnds[first] ?? 0;
      const maxStart = this.#blockStarts[first] ?? 0;
      if (minEnd < lastStart) return false;
      if (minEnd < maxStart) lastStart = Math.max(lastStart, maxStart);
    }
    return true;
  }
}
