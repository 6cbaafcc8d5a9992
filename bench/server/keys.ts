/** Odd, so that multiplying by it is one to one over 32 bits; about 2^32 over the golden ratio. */
const SCATTER = 2_654_435_761;
const BITS = 32;
const VALUE_BYTES = 100;

/**
 * The key of a number: keys of following numbers lie far from each other, so that a tree grows
 * everywhere at once, and each number has one of its own.
 */
export function keyOf(number: number): string {
  return `k${(Math.imul(number, SCATTER) >>> 0).toString(16).padStart(8, "0")}`;
}

/** The number of a key. */
export function numberOf(key: string): number {
  return Math.imul(Number.parseInt(key.slice(1), 16), INVERSE) >>> 0;
}

/** What is put under a key: its own name, again and again. */
export function valueOf(key: string): string {
  return key.repeat(Math.ceil(VALUE_BYTES / key.length)).slice(0, VALUE_BYTES);
}

/** What undoes a multiplication by {@link SCATTER}, by Newton's iteration: bits double each time. */
const INVERSE = ((): number => {
  let inverse = 1n;
  for (let i = 0; i < 6; i++) {
    inverse = BigInt.asUintN(BITS, inverse * (2n - BigInt(SCATTER) * inverse));
  }
  return Number(inverse);
})();
