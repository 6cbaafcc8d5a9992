/** A value that a key may hold; null is absent. */
interface Candidate {
  readonly value: string | null;
  /** When its write was over, on the tracker's own count; infinity if that is unknown. */
  over: number;
}

/**
 * Which values each key may hold, from what was acknowledged: enough to say that an acknowledged
 * write is lost, without a search and whether or not a history is recorded.
 *
 * A key may hold what an acknowledged write left, unless another one began after that was over; and
 * what a write of unknown outcome would have left. It is a weaker rule than linearizability, which
 * `latchwork check` decides from the recording: it looks at the last state only, not at reads.
 *
 * Memory: O(keys + writes that overlapped the last ones + writes of unknown outcome).
 */
export class PossibleValues {
  readonly #candidates = new Map<string, Candidate[]>();
  #now = 0;

  /** What a key held before the first write. */
  begin(key: string, value: string | null): void {
    this.#candidates.set(key, [{ value, over: 0 }]);
  }

  /** A moment, to be given back when the write that is about to begin has ended. */
  moment(): number {
    return ++this.#now;
  }

  /** A write that began at a moment was acknowledged now. O(candidates of the key). */
  acknowledge(key: string, value: string | null, beganAt: number): void {
    const left = this.#of(key).filter(({ over }) => over > beganAt);
    left.push({ value, over: ++this.#now });
    this.#candidates.set(key, left);
  }

  /** A write may have happened, or may still. */
  suspect(key: string, value: string | null): void {
    const candidates = this.#of(key);
    candidates.push({ value, over: Number.POSITIVE_INFINITY });
    this.#candidates.set(key, candidates);
  }

  /** The server has ended: what it had under way happened before now, or never. O(all). */
  crash(): void {
    const now = ++this.#now;
    for (const candidates of this.#candidates.values()) {
      for (const candidate of candidates) candidate.over = Math.min(candidate.over, now);
    }
  }

  /** Whether a key may hold this, when no write is under way. */
  allows(key: string, value: string | null): boolean {
    return this.#of(key).some((candidate) => candidate.value === value);
  }

  /** What it may hold, for a message. */
  expected(key: string): readonly (string | null)[] {
    return this.#of(key).map(({ value }) => value);
  }

  /** The keys that were ever told of. */
  keys(): IterableIterator<string> {
    return this.#candidates.keys();
  }

  #of(key: string): Candidate[] {
    return this.#candidates.get(key) ?? [{ value: null, over: 0 }];
  }
}
