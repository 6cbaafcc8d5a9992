import { type ConfigSet, widened } from "./config-set.ts";

const FIRST_CAPACITY = 256;

/** Interned vectors of `width` numbers: columns, and a table of open addressing over them. */
export class VectorTable {
  readonly #width: number;
  #vectors: Int32Array;
  #table = new Int32Array(FIRST_CAPACITY * 4);
  #count = 0;
  #capacity = FIRST_CAPACITY;
  readonly #enough: number;
  #collectAt: number;

  /** @param enough Vectors that are worth collecting. */
  constructor(width: number, enough: number) {
    this.#enough = enough;
    this.#collectAt = enough;
    this.#width = width;
    this.#vectors = new Int32Array(width * FIRST_CAPACITY);
  }

  get bytes(): number {
    return this.#vectors.byteLength + this.#table.byteLength;
  }

  /** True if so much was added that it is time to collect. */
  get isDue(): boolean {
    return this.#count >= this.#collectAt;
  }

  /** Component `at` of vector `index`. */
  get(index: number, at: number): number {
    return this.#vectors[index * this.#width + at] ?? 0;
  }

  copy(index: number, to: Int32Array): void {
    const begin = index * this.#width;
    for (let i = 0; i < this.#width; i++) to[i] = this.#vectors[begin + i] ?? 0;
  }

  /** The index of a vector, which is added if it is new. O(width). */
  intern(vector: Int32Array): number {
    const last = this.#table.length - 1;
    let place = hashOf(vector, this.#width) & last;
    for (;;) {
      const entry = this.#table[place] ?? 0;
      if (entry === 0) break;
      if (this.#isAt(entry - 1, vector)) return entry - 1;
      place = (place + 1) & last;
    }
    const index = this.#count++;
    this.#table[place] = index + 1;
    this.#vectors.set(vector, index * this.#width);
    if (this.#count === this.#capacity) this.#resize(this.#capacity * 2);
    return index;
  }

  /** Keeps only the vectors that are states in `sets`, and renames those. */
  collect(sets: readonly ConfigSet[]): void {
    const old = this.#vectors;
    this.#vectors = new Int32Array(old.length);
    this.#count = 0;
    this.#table.fill(0);
    const width = this.#width;
    for (const { states, count } of sets) {
      for (let i = 0; i < count; i++) {
        const state = states[i] ?? 0;
        states[i] = this.intern(old.subarray(state * width, (state + 1) * width));
      }
    }
    this.#collectAt = Math.max(this.#enough, this.#count * 4);
  }

  #isAt(index: number, vector: Int32Array): boolean {
    const begin = index * this.#width;
    for (let i = 0; i < this.#width; i++) {
      if (this.#vectors[begin + i] !== vector[i]) return false;
    }
    return true;
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    this.#vectors = widened(this.#vectors, capacity * this.#width);
    this.#table = new Int32Array(capacity * 4);
    const last = this.#table.length - 1;
    for (let index = 0; index < this.#count; index++) {
      const begin = index * this.#width;
      const vector = this.#vectors.subarray(begin, begin + this.#width);
      let place = hashOf(vector, this.#width) & last;
      while (this.#table[place] !== 0) place = (place + 1) & last;
      this.#table[place] = index + 1;
    }
  }
}

function hashOf(vector: Int32Array, width: number): number {
  let hash = 0;
  for (let i = 0; i < width; i++)
    hash = Math.imul(hash ^ (vector[i] ?? 0), 0x9e3779b1) + (hash >>> 15);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
