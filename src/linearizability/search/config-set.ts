const FIRST_CAPACITY = 16;

/** How a configuration compares with another: it has no bit that the other lacks, or more. */
const NO_MORE = 0;
const MORE = 1;
const DIFFERENT = 2;

/**
 * A set of configurations that remembers the order in which they came: columns of 32-bit numbers,
 * and a table of open addressing over them.
 *
 * A configuration is a state and a mask of `words` words; `node` is carried along. Optional bits
 * are of operations that need not happen: of two configurations that differ in such bits only, one
 * with fewer is kept and one with more is not (reduction unusedPending).
 */
export class ConfigSet {
  count = 0;
  words = 1;
  /** Configurations below this index may not be replaced any more. */
  fixed = 0;
  states: Int32Array = new Int32Array(FIRST_CAPACITY);
  nodes: Int32Array = new Int32Array(FIRST_CAPACITY);
  masks: Int32Array = new Int32Array(FIRST_CAPACITY);
  #optional: Int32Array = new Int32Array(1);
  #hasOptional = false;
  /** Where in the table each configuration is, to clear the table again. */
  #places: Int32Array = new Int32Array(FIRST_CAPACITY);
  #table = new Int32Array(FIRST_CAPACITY * 4);

  /** Empties it, for masks of `words` words. O(configurations that were in it). */
  clear(words: number, optional: Int32Array): void {
    if (this.count * 8 > this.#table.length) this.#table.fill(0);
    else for (let i = 0; i < this.count; i++) this.#table[this.#places[i] ?? 0] = 0;
    this.count = 0;
    this.fixed = 0;
    this.words = words;
    this.#optional = optional;
    this.#hasOptional = optional.some((word) => word !== 0);
    this.#reserveMasks();
  }

  /** Copies the configurations to another set, to which nothing can be added then. */
  copyTo(copy: ConfigSet): void {
    const { count, words } = this;
    copy.count = count;
    copy.words = words;
    if (copy.states.length < count) {
      copy.states = new Int32Array(count);
      copy.nodes = new Int32Array(count);
    }
    if (copy.masks.length < count * words) copy.masks = new Int32Array(count * words);
    for (let i = 0; i < count; i++) {
      copy.states[i] = this.states[i] ?? 0;
      copy.nodes[i] = this.nodes[i] ?? 0;
    }
    for (let i = 0; i < count * words; i++) copy.masks[i] = this.masks[i] ?? 0;
  }

  get bytes(): number {
    return this.states.byteLength * 3 + this.masks.byteLength + this.#table.byteLength;
  }

  /** Adds a configuration, and gives its index; -1 if none is needed. Amortized O(words). */
  add(state: number, mask: Int32Array, node: number): number {
    const { words } = this;
    const table = this.#table;
    const last = table.length - 1;
    let place = this.#hashOf(state, mask) & last;
    for (;;) {
      const entry = table[place] ?? 0;
      if (entry === 0) break;
      const index = entry - 1;
      if (this.states[index] === state) {
        const order = this.#compare(index, mask);
        if (order === NO_MORE) return -1;
        if (order === MORE && index >= this.fixed) {
          this.masks.set(mask, index * words);
          this.nodes[index] = node;
          return index;
        }
      }
      place = (place + 1) & last;
    }
    const index = this.count++;
    table[place] = index + 1;
    this.#places[index] = place;
    this.states[index] = state;
    this.nodes[index] = node;
    for (let w = 0; w < words; w++) this.masks[index * words + w] = mask[w] ?? 0;
    if (this.count === this.states.length) this.#grow();
    return index;
  }

  /** Copies the mask of configuration `index` to `mask`. */
  loadMask(index: number, mask: Int32Array): void {
    for (let w = 0; w < this.words; w++) mask[w] = this.masks[index * this.words + w] ?? 0;
  }

  /** How configuration `index` compares with one of the same state and this mask. */
  #compare(index: number, mask: Int32Array): number {
    let hasMore = false;
    let hasFewer = false;
    for (let w = 0; w < this.words; w++) {
      const mine = this.masks[index * this.words + w] ?? 0;
      const other = mask[w] ?? 0;
      if (mine === other) continue;
      if (((mine ^ other) & ~(this.#optional[w] ?? 0)) !== 0) return DIFFERENT;
      if ((mine & ~other) !== 0) hasMore = true;
      if ((other & ~mine) !== 0) hasFewer = true;
    }
    if (!hasMore) return NO_MORE;
    return hasFewer ? DIFFERENT : MORE;
  }

  #grow(): void {
    const capacity = this.states.length * 2;
    this.states = widened(this.states, capacity);
    this.nodes = widened(this.nodes, capacity);
    this.#places = widened(this.#places, capacity);
    this.#reserveMasks();
    this.#table = new Int32Array(capacity * 4);
    const last = this.#table.length - 1;
    const mask = new Int32Array(this.words);
    for (let i = 0; i < this.count; i++) {
      this.loadMask(i, mask);
      let place = this.#hashOf(this.states[i] ?? 0, mask) & last;
      while (this.#table[place] !== 0) place = (place + 1) & last;
      this.#table[place] = i + 1;
      this.#places[i] = place;
    }
  }

  #reserveMasks(): void {
    const needed = this.states.length * this.words;
    if (this.masks.length < needed) this.masks = widened(this.masks, needed);
  }

  /** Configurations that differ in optional bits only have the same hash. */
  #hashOf(state: number, mask: Int32Array): number {
    let hash = Math.imul(state + 1, 0x9e3779b1);
    for (let w = 0; w < this.words; w++) {
      let word = mask[w] ?? 0;
      if (this.#hasOptional) word &= ~(this.#optional[w] ?? 0);
      hash = Math.imul(hash ^ (hash >>> 15) ^ word, 0x85ebca6b);
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }
}

/** A longer copy of a column, zero at its end. */
export function widened(column: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(column);
  return longer;
}
