import { type Checksum, crc32 } from "../../storage/index.ts";

/** Sums are kept below this, so that they stay whole numbers whatever is added. */
const SUM_LIMIT = 2 ** 48;

/**
 * Counts rows, and adds up their checksums: two sets of rows with the same tally are the same, in
 * whatever order they came. Against slips and damage, not against malice.
 */
export class RowTally {
  readonly #checksum: Checksum;
  #rows = 0;
  #bytes = 0;
  #sum = 0;

  constructor(checksum: Checksum = crc32) {
    this.#checksum = checksum;
  }

  /** How many rows. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes of all keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  /** O(bytes of the row). */
  add(key: Uint8Array, value: Uint8Array): void {
    const row = new Uint8Array(4 + key.length + value.length);
    // Where the key ends is part of the row.
    new DataView(row.buffer).setUint32(0, key.length);
    row.set(key, 4);
    row.set(value, 4 + key.length);
    this.#rows++;
    this.#bytes += key.length + value.length;
    this.#sum = (this.#sum + this.#checksum(row)) % SUM_LIMIT;
  }

  equals(other: RowTally): boolean {
    return this.#rows === other.#rows && this.#bytes === other.#bytes && this.#sum === other.#sum;
  }
}
