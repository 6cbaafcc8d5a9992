/** One state of something that was written and may or may not survive a crash. */
export interface Version<T> {
  /** Counts effects over the whole disk: the larger, the later. */
  readonly order: number;
  readonly value: T;
}

/**
 * What was written to one place since it was last made durable, oldest first. After a crash the
 * place has the durable state or any of these.
 *
 * A sync that failed marks what it should have written as clean, so that later syncs do not write
 * it either (the behaviour that "fsyncgate" of 2018 made known); only a newer version can.
 */
export class Unsynced<T> {
  #versions: readonly Version<T>[];
  /** So many of the oldest are marked clean, though they were not written for certain. */
  #skipped: number;

  constructor(versions: readonly Version<T>[] = [], skipped: number = 0) {
    this.#versions = versions;
    this.#skipped = skipped;
  }

  get versions(): readonly Version<T>[] {
    return this.#versions;
  }

  /** The version that the next sync makes durable, if it succeeds; null if there is none. */
  get pending(): Version<T> | null {
    return this.#skipped === this.#versions.length ? null : (this.#versions.at(-1) ?? null);
  }

  add(order: number, value: T): void {
    this.#versions = [...this.#versions, { order, value }];
  }

  /** The version that a sync that succeeds makes durable; null if all are marked clean. */
  sync(): Version<T> | null {
    const last = this.pending;
    if (last === null) return null;
    this.#versions = [];
    this.#skipped = 0;
    return last;
  }

  failSync(): void {
    this.#skipped = this.#versions.length;
  }

  copy(): Unsynced<T> {
    return new Unsynced(this.#versions, this.#skipped);
  }
}
