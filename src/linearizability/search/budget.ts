import type { Clock } from "../../task/index.ts";

/** Why a search gave up. */
export type GivenUp = "time" | "memory" | "interrupted";

/** What a check may use, and where it reports progress. Time is not limited if left out. */
export interface BudgetLimits {
  /** Milliseconds by `clock`: refused without one. */
  readonly timeMs?: number;
  readonly clock?: Clock;
  /** Bytes of the search's own columns, 2e9 unless given; the history is not counted. */
  readonly memoryBytes?: number;
  /**
   * Asked many times a second; once it says true, the check ends as unknown, "interrupted". The
   * check never waits, so what it says must change without the thread's help: by time, or by
   * another thread in shared memory.
   */
  readonly isCancelled?: () => boolean;
  /**
   * Called many times a second with the number of events passed and that of all parts. The first
   * falls where the search goes back; the second rises where scans turn out to tie keys.
   */
  readonly onProgress?: (events: number, eventsTotal: number) => void;
}

/** More than that would end the process, not the check, on a machine as it comes. */
export const MEMORY_BYTES_DEFAULT = 2e9;

/** Asked inside every loop that can run long: time and memory of one check. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #clock: Clock | null;
  readonly #endsAt: number;
  readonly #memoryBytes: number;
  /** Events of the parts that are decided, and of all parts known of. */
  #events = 0;
  #eventsTotal = 0;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    this.#clock = limits.timeMs === undefined ? null : (limits.clock ?? null);
    this.#endsAt = this.#clock === null ? 0 : this.#clock.nowMs() + (limits.timeMs ?? 0);
    this.#memoryBytes = limits.memoryBytes ?? MEMORY_BYTES_DEFAULT;
  }

  /** Says that parts of so many events will have to be decided. */
  expect(events: number): void {
    this.#eventsTotal += events;
  }

  /** Says that a part of so many events is decided, or given up. */
  finish(events: number): void {
    this.#events += events;
  }

  /**
   * What is used up, if `bytes` are in use now; null if there is more of everything.
   *
   * @param event How many events of the present part were passed.
   */
  spent(bytes: number, event: number): GivenUp | null {
    this.#limits.onProgress?.(this.#events + event, this.#eventsTotal);
    if (this.#limits.isCancelled?.() === true) return "interrupted";
    if (bytes > this.#memoryBytes) return "memory";
    if (this.#clock !== null && this.#clock.nowMs() >= this.#endsAt) return "time";
    return null;
  }
}
