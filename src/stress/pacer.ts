import { realNowMs, realSleep } from "../task/driver-real-time.ts";

/** Node's timers count whole milliseconds. */
const TICK_MS = 1;
const MS_A_SECOND = 1000;

/**
 * Lets so many requests begin in a second, at even distances, whoever makes them.
 *
 * Who is late may begin at once: a server that cannot keep up is asked as fast as its clients have
 * their answers, and goes on being asked so until the requests that are owed have been made.
 */
export class Pacer {
  readonly #rate: number;
  #startedMs: number | null = null;
  #given = 0;

  /** @param rate Requests a second; infinity for as many as clients can make. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Resolves when the next request may begin. */
  async turn(): Promise<void> {
    if (this.#rate === Number.POSITIVE_INFINITY) return;
    this.#startedMs ??= realNowMs();
    const dueMs = this.#startedMs + (this.#given++ * MS_A_SECOND) / this.#rate;
    const waitMs = dueMs - realNowMs();
    if (waitMs > 0) await realSleep(Math.max(TICK_MS, Math.round(waitMs)));
  }
}
