const US_A_MS = 1000;
/** Buckets of one doubling: a figure is off by at most a hundredth of itself. */
const A_DOUBLING = 64;
/** From a microsecond to 2^36 of them, 19 hours. */
const DOUBLINGS = 36;
const BUCKETS = A_DOUBLING * DOUBLINGS;

/** How long some requests took, in milliseconds. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Gathers how long requests took, in memory that does not grow. */
export class Latencies {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #maxMs = 0;

  add(ms: number): void {
    const at = Math.floor(Math.log2(Math.max(1, ms * US_A_MS)) * A_DOUBLING);
    const bucket = Math.min(BUCKETS - 1, at);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count++;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** All zero if there is nothing. */
  figures(): LatencyFigures {
    return { count: this.#count, p50: this.#at(0.5), p99: this.#at(0.99), max: this.#maxMs };
  }

  /** So great a share of all took at most so long. O(buckets). */
  #at(share: number): number {
    let left = Math.ceil(share * this.#count);
    if (left === 0) return 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return Math.min(this.#maxMs, 2 ** ((bucket + 0.5) / A_DOUBLING) / US_A_MS);
    }
    return this.#maxMs;
  }
}
