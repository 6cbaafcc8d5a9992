import type { Clock } from "../../task/index.ts";

/** Why a search gave up. */
export type GivenUp = "time" | "memory";

/** What a check may use. What is left out is not limited. */
export interface BudgetLimits {
  /** Milliseconds, told by `clock`: without a clock there is no limit. */
  readonly timeMs?: number;
  readonly clock?: Clock;
  /** Bytes of the search's own columns; the history is not counted. */
  readonly memoryBytes?: number;
}

/** Asked inside every loop that can run long: time and memory of one check. */
export class Budget {
  readonly #clock: Clock | null;
  readonly #endsAt: number;
  readonly #memoryBytes: number;

  constructor(limits: BudgetLimits) {
    this.#clock = limits.timeMs === undefined ? null : (limits.clock ?? null);
    this.#endsAt = this.#clock === null ? 0 : this.#clock.nowMs() + (limits.timeMs ?? 0);
    this.#memoryBytes = limits.memoryBytes ?? Number.POSITIVE_INFINITY;
  }

  /** What is used up, if `bytes` are in use now; null if there is more of everything. */
  spent(bytes: number): GivenUp | null {
    if (bytes > this.#memoryBytes) return "memory";
    if (this.#clock !== null && this.#clock.nowMs() >= this.#endsAt) return "time";
    return null;
  }
}
