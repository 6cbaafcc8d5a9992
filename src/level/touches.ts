import { compareBytes, type ScanRange } from "../btree/index.ts";

/** A key as calls know each other's: its bytes, and a number made of them. */
export interface CalledKey {
  readonly bytes: Uint8Array;
  readonly hash: number;
}

/** Which keys a call of several touches; it may be true of a few more. */
export type Touches = (key: CalledKey) => boolean;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A number of 32 bits, the same for the same bytes: FNV-1a (Fowler, Noll, Vo). O(bytes). */
export function hashOf(key: Uint8Array): number {
  let hash = FNV_OFFSET;
  // By index: an iterator over so few bytes takes twice as long.
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ (key[at] ?? 0), FNV_PRIME);
  return hash;
}

/** Fewest bits a key: one other key in sixteen is then taken for one of them, at most. */
const BITS_A_KEY = 16;
const WORD_BITS = 32;

/** The keys of a list, as a set of bits: a Bloom filter with one hash function. O(keys) to make. */
export function touchesKeys(keys: readonly Uint8Array[]): Touches {
  const words = 2 ** Math.ceil(Math.log2(Math.max(1, (keys.length * BITS_A_KEY) / WORD_BITS)));
  const set = new Uint32Array(words);
  const mask = words * WORD_BITS - 1;
  for (const key of keys) {
    const bit = hashOf(key) & mask;
    set[bit >>> 5] = (set[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
  return ({ hash }) => {
    const bit = hash & mask;
    return ((set[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  };
}

/** The keys of a range. */
export function touchesRange(range: ScanRange): Touches {
  return ({ bytes }) => isWithin(range, bytes);
}

/** Whether a key lies within a range. */
export function isWithin(range: ScanRange, key: Uint8Array): boolean {
  const { end, endInclusive = false, start, startInclusive = true } = range;
  if (start !== undefined) {
    const order = compareBytes(key, start);
    if (order < 0 || (order === 0 && !startInclusive)) return false;
  }
  if (end === undefined) return true;
  const order = compareBytes(key, end);
  return order < 0 || (order === 0 && endInclusive);
}
