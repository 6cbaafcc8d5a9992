import { byteAt } from "../../btree/index.ts";
import { murmur3 } from "../../storage/index.ts";

/** `bloo`. Partitions use 0: with that, keys of one partition would share what the hash says. */
const SEED = 0x6f6f6c62;
const SMALLEST_BITS = 64;
const MOST_PROBES = 30;
/** Bits beyond this no hash of 32 bits could reach. */
const MOST_BYTES = 2 ** 29;

/** What filters know of a key: asked of many runs, it is computed once. */
export function filterHash(key: Uint8Array): number {
  return murmur3(key, SEED);
}

/** Collects the hashes of the keys of a run, and makes its filter. Four bytes a key. */
export class FilterWriter {
  #hashes = new Uint32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(hash: number): void {
    if (this.#count === this.#hashes.length) {
      const larger = new Uint32Array(2 * this.#count);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#count++] = hash;
  }

  /** A filter of so many bits for each key; one of no bytes, which knows nothing, for 0. */
  finish(bitsAKey: number): Uint8Array {
    if (bitsAKey === 0) return new Uint8Array(0);
    const wanted = Math.ceil(Math.max(SMALLEST_BITS, this.#count * bitsAKey) / 8);
    const bytes = new Uint8Array(1 + Math.min(MOST_BYTES, wanted));
    const probes = Math.round(bitsAKey * Math.LN2);
    bytes[0] = Math.max(1, Math.min(MOST_PROBES, probes));
    const filter = new KeyFilter(bytes);
    for (let i = 0; i < this.#count; i++) filter.add(this.#hashes[i] ?? 0);
    return bytes;
  }
}

/**
 * A Bloom filter (Bloom, CACM 1970): which keys a run does not have, and which it may have.
 *
 * The places of a key come from one hash of 32 bits by enhanced double hashing (Dillinger and
 * Manolios, FMCAD 2004). More bits of hash would say more only in runs of many millions of keys.
 */
export class KeyFilter {
  readonly #bytes: Uint8Array;
  readonly #probes: number;
  readonly #bits: number;

  /** @param bytes How many probes there are in the first byte, then the bits; or none. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#probes = bytes[0] ?? 0;
    this.#bits = 8 * (bytes.length - 1);
  }

  /** Whether bytes, which are as they were written, can be a filter. */
  static isSound(bytes: Uint8Array): boolean {
    const probes = bytes[0] ?? 0;
    return bytes.length === 0 || (bytes.length > 1 && probes > 0 && probes <= MOST_PROBES);
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** False only if no key of this hash was added. O(probes). */
  mayHold(hash: number): boolean {
    let place = hash;
    let step = firstStep(hash);
    for (let i = 1; i <= this.#probes; i++) {
      const bit = place % this.#bits;
      if ((byteAt(this.#bytes, 1 + (bit >>> 3)) & (1 << (bit & 7))) === 0) return false;
      place = (place + step) >>> 0;
      step = (step + i) >>> 0;
    }
    return true;
  }

  add(hash: number): void {
    let place = hash;
    let step = firstStep(hash);
    for (let i = 1; i <= this.#probes; i++) {
      const bit = place % this.#bits;
      const at = 1 + (bit >>> 3);
      this.#bytes[at] = byteAt(this.#bytes, at) | (1 << (bit & 7));
      place = (place + step) >>> 0;
      step = (step + i) >>> 0;
    }
  }
}

/** The hash once more through MurmurHash3's last mixing, and made odd. */
function firstStep(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) | 1) >>> 0;
}
