const FIRST_CAPACITY = 64;

/**
 * A set of configurations that remembers the order in which they came: columns of 32-bit numbers,
 * and a table of open addressing over them.
 *
 * A configuration is a state and a mask of `words` words; `node` is carried along, and of two equal
 * configurations the first one's is kept.
 */
export class ConfigSet {
  count = 0;
  words = 1;
  states: Int32Array = new Int32Array(FIRST_CAPACITY);
  nodes: Int32Array = new Int32Array(FIRST_CAPACITY);
  masks: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Where in the table each configuration is, to clear the table again. */
  #places = new Int32Array(FIRST_CAPACITY);
  #table = new Int32Array(FIRST_CAPACITY * 4);

  /** Empties it, for masks of `words` words. O(configurations that were in it). */
  clear(words: number = this.words): void {
    if (this.count * 8 > this.#table.length) this.#table.fill(0);
    else for (let i = 0; i < this.count; i++) this.#table[this.#places[i] ?? 0] = 0;
    this.count = 0;
    this.words = words;
    this.#reserveMasks();
  }

  get bytes(): number {
    return this.states.byteLength * 3 + this.masks.byteLength + this.#table.byteLength;
  }

  /** Adds a configuration; false if it is there already. Amortized O(words). */
  add(state: number, mask: Int32Array, node: number): boolean {
    const { words } = this;
    const table = this.#table;
    const last = table.length - 1;
    let place = hashOf(state, mask, words) & last;
    for (;;) {
      const entry = table[place] ?? 0;
      if (entry === 0) break;
      if (this.#isAt(entry - 1, state, mask)) return false;
      place = (place + 1) & last;
    }
    const index = this.count++;
    table[place] = index + 1;
    this.#places[index] = place;
    this.states[index] = state;
    this.nodes[index] = node;
    for (let w = 0; w < words; w++) this.masks[index * words + w] = mask[w] ?? 0;
    if (this.count === this.states.length) this.#grow();
    return true;
  }

  /** Copies the mask of configuration `index` to `mask`. */
  loadMask(index: number, mask: Int32Array): void {
    for (let w = 0; w < this.words; w++) mask[w] = this.masks[index * this.words + w] ?? 0;
  }

  #isAt(index: number, state: number, mask: Int32Array): boolean {
    if (this.states[index] !== state) return false;
    for (let w = 0; w < this.words; w++) {
      if (this.masks[index * this.words + w] !== mask[w]) return false;
    }
    return true;
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
      let place = hashOf(this.states[i] ?? 0, mask, this.words) & last;
      while (this.#table[place] !== 0) place = (place + 1) & last;
      this.#table[place] = i + 1;
      this.#places[i] = place;
    }
  }

  #reserveMasks(): void {
    const needed = this.states.length * this.words;
    if (this.masks.length < needed) this.masks = widened(this.masks, needed);
  }
}

/** A longer copy of a column, zero at its end. */
export function widened(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(column);
  return longer;
}

function hashOf(state: number, mask: Int32Array, words: number): number {
  let hash = Math.imul(state + 1, 0x9e3779b1);
  for (let w = 0; w < words; w++) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ (mask[w] ?? 0), 0x85ebca6b);
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
