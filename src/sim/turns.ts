import { begins } from "./own-strategy.ts";
import type { Strategy } from "./strategy.ts";

/** From some round on slices do not grow: longer ones would keep a hard bug waiting. */
const SLICE_RUNS_MAX = 16;

/** One of the strategies that take turns. */
interface Entry {
  readonly strategy: Strategy;
  /** Whether it may have runs left. */
  isOpen: boolean;
  /** Runs of its slice in this round, and how many of them were of a class not seen before. */
  runs: number;
  news: number;
}

/**
 * Which of several strategies makes the next run.
 *
 * They take turns, in rounds: one slice of runs each, of 1 run in the first two rounds, then of 2,
 * 4, 8 and at last 16. So what any of them finds at once is found at once, whoever comes first, and
 * later on nobody is asked to change at every run. At the end of a round whoever found the largest
 * share of new happens-before classes in it gets another slice, the first of equals: where the
 * search space is nearly used up the runs go to who still finds something in it.
 */
export class Turns {
  readonly #entries: Entry[];
  /** Whose slice it is: an index of {@link #entries}, and after the last the extra slice. */
  #at = -1;
  #entry: Entry | null = null;
  /** Runs left in this slice. */
  #left = 0;
  #round = 0;

  constructor(strategies: readonly Strategy[]) {
    this.#entries = strategies.map((strategy) => ({ strategy, isOpen: true, runs: 0, news: 0 }));
  }

  /** How many rounds are over. */
  get rounds(): number {
    return this.#round;
  }

  /** Begins a run of the strategy that is given; null if none of them has anything left. */
  next(): Strategy | null {
    for (;;) {
      const entry = this.#entry;
      if (entry !== null && this.#left > 0) {
        entry.isOpen = begins(entry.strategy);
        this.#left = entry.isOpen ? this.#left - 1 : 0;
        if (entry.isOpen) return entry.strategy;
      }
      if (!this.#entries.some(({ isOpen }) => isOpen)) return null;
      this.#nextSlice();
    }
  }

  /** Learns whether the run that was begun last was of a class not seen before. */
  ran(isNew: boolean): void {
    if (this.#entry === null) return;
    this.#entry.runs++;
    if (isNew) this.#entry.news++;
  }

  #nextSlice(): void {
    this.#at++;
    if (this.#at > this.#entries.length) this.#nextRound();
    const isExtra = this.#at === this.#entries.length;
    const entry = isExtra ? this.#mostFruitful() : (this.#entries[this.#at] ?? null);
    this.#entry = entry;
    this.#left = entry?.isOpen === true ? sliceOf(this.#round) : 0;
  }

  #nextRound(): void {
    this.#at = 0;
    this.#round++;
    for (const entry of this.#entries) entry.runs = entry.news = 0;
  }

  #mostFruitful(): Entry | null {
    let best: Entry | null = null;
    for (const entry of this.#entries) {
      if (!entry.isOpen) continue;
      if (best === null || shareOf(entry) > shareOf(best)) best = entry;
    }
    return best;
  }
}

/** How many runs a slice of a round has. */
function sliceOf(round: number): number {
  return Math.min(2 ** Math.max(round - 1, 0), SLICE_RUNS_MAX);
}

function shareOf({ runs, news }: Entry): number {
  return runs === 0 ? 0 : news / runs;
}
