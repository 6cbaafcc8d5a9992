/** No part; larger than every part's place. */
const NO_PART = 0x7fffffff;

const KILOBYTE = 1024;
const STOP = 0;
const FIRST_NO = 1;
const HEAD = 2;
/** Of each thread: events passed of its part, and kilobytes in use. */
const PER_THREAD = 2;

/** What the threads of a check share while they search, in shared memory. */
export class Tally {
  readonly shared: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #threads: number;

  /** @param shared Another thread's tally, of as many threads. */
  constructor(threads: number, shared: SharedArrayBuffer | null = null) {
    const length = HEAD + threads * PER_THREAD;
    this.shared = shared ?? new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(this.shared);
    this.#threads = threads;
    if (shared === null) this.#cells[FIRST_NO] = NO_PART;
  }

  /** Whether time is up, or the check was cancelled. */
  get isStopped(): boolean {
    return Atomics.load(this.#cells, STOP) !== 0;
  }

  stop(): void {
    Atomics.store(this.#cells, STOP, 1);
  }

  /** Whether a part before `at` is not linearizable, so that this one will not be asked for. */
  isBeaten(at: number): boolean {
    return Atomics.load(this.#cells, FIRST_NO) < at;
  }

  noteNo(at: number): void {
    let first = Atomics.load(this.#cells, FIRST_NO);
    while (at < first) first = Atomics.compareExchange(this.#cells, FIRST_NO, first, at);
  }

  note(thread: number, events: number, bytes: number): void {
    Atomics.store(this.#cells, HEAD + thread * PER_THREAD, events);
    Atomics.store(this.#cells, HEAD + thread * PER_THREAD + 1, Math.ceil(bytes / KILOBYTE));
  }

  eventsOf(thread: number): number {
    return Atomics.load(this.#cells, HEAD + thread * PER_THREAD);
  }

  /** What all threads use together. */
  get bytes(): number {
    let sum = 0;
    for (let thread = 0; thread < this.#threads; thread++) {
      sum += Atomics.load(this.#cells, HEAD + thread * PER_THREAD + 1);
    }
    return sum * KILOBYTE;
  }
}
