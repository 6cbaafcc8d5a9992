const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const M = 5;
const N = 0xe6546b64;
const F1 = 0x85ebca6b;
const F2 = 0xc2b2ae35;

/**
 * MurmurHash3, the variant x86_32 (Appleby, 2011): a number of 32 bits, the same for the same bytes
 * on every machine and in every version. O(bytes); allocates nothing.
 *
 * @param seed Another one is another hash: for those who spread keys that a hash has spread before,
 *   so that the two do not go together.
 */
export function murmur3(key: Uint8Array, seed: number = 0): number {
  let hash = seed | 0;
  const { length } = key;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    hash ^= scrambled(wordAt(key, at, 4));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, M) + N) | 0;
  }
  if (whole < length) hash ^= scrambled(wordAt(key, whole, length - whole));
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), F1);
  hash = Math.imul(hash ^ (hash >>> 13), F2);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scrambled(word: number): number {
  const once = Math.imul(word, C1);
  return Math.imul((once << 15) | (once >>> 17), C2);
}

/** Up to four bytes from an offset on, the lowest first. */
function wordAt(bytes: Uint8Array, at: number, count: number): number {
  let word = 0;
  for (let i = count - 1; i >= 0; i--) word = (word << 8) | (bytes[at + i] ?? 0);
  return word;
}
