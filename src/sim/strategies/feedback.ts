import type { Prng } from "../../task/index.ts";
import { NumberSet } from "../number-set.ts";
import {
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.ts";
import { Variation } from "./variation.ts";

/** Schedules remembered, the most fruitful and the newest. */
const KEPT_MAX = 64;

/** One run in so many is a walk of its own, so that the search is not caught where it began. */
const FRESH_EVERY = 4;

/** A recorded run, and what its variations have come to. */
interface Kept {
  /** At each choice the task, or `~v` for a value; without crashes. */
  readonly choices: readonly number[];
  variations: number;
  /** How many of them were of a class not seen before. */
  news: number;
}

/**
 * Walks at random, remembers runs of a new happens-before class, and makes small changes to those:
 * greybox fuzzing of schedules, as Fest (NSDI 2026) does it.
 *
 * Which run is varied is drawn by what share of its variations was new. See {@link Variation} for
 * the changes. Where every run is of a new class it is a random walk with a memory, and no better;
 * where most walks come to the same few classes it finds its way to the rare ones by small steps. A
 * crash comes at a moment of its own, whatever is varied.
 */
export class FeedbackStrategy implements Strategy {
  readonly name = "feedback";
  readonly #prng: Prng;
  readonly #crash: CrashMoment;
  readonly #seen = new NumberSet();
  readonly #kept: Kept[] = [];
  readonly #variation: Variation;
  /** What is varied in this run; null in a walk of its own. */
  #parent: Kept | null = null;
  #made: number[] = [];
  #runs = 0;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#crash = new CrashMoment(prng);
    this.#variation = new Variation(prng);
  }

  beginRun(): boolean {
    this.#crash.beginRun();
    this.#made = [];
    this.#parent = this.#runs++ % FRESH_EVERY === 0 ? null : this.#drawKept();
    this.#variation.begin(this.#parent?.choices ?? []);
    return true;
  }

  choose(point: ChoicePoint): number {
    if (this.#crash.isNow(point)) return point.crashIndex;
    const wanted = this.#variation.wanted(point);
    const index = wanted >= 0 ? wanted : this.#walk(point);
    this.#made.push(point.kind === "value" ? ~index : point.taskAt(index));
    return index;
  }

  endRun(summary: RunSummary): void {
    this.#crash.endRun(summary);
    if (summary.abandoned) return;
    const isNew = this.#seen.add(summary.orderHash);
    if (this.#parent !== null) {
      this.#parent.variations++;
      if (isNew) this.#parent.news++;
    }
    if (isNew && this.#made.length > 0) this.#keep(this.#made);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }

  #walk(point: ChoicePoint): number {
    return withoutCrash(point, this.#prng.below(othersCount(point)));
  }

  #keep(choices: readonly number[]): void {
    if (this.#kept.length === KEPT_MAX) this.#kept.splice(this.#leastFruitful(), 1);
    this.#kept.push({ choices, variations: 0, news: 0 });
  }

  /** Of equals the oldest. */
  #leastFruitful(): number {
    let worst = 0;
    for (const [i, one] of this.#kept.entries()) {
      const least = this.#kept[worst];
      if (least !== undefined && promiseOf(one) < promiseOf(least)) worst = i;
    }
    return worst;
  }

  #drawKept(): Kept | null {
    let left = this.#prng.next() * this.#kept.reduce((sum, one) => sum + promiseOf(one), 0);
    for (const one of this.#kept) {
      left -= promiseOf(one);
      if (left < 0) return one;
    }
    return this.#kept.at(-1) ?? null;
  }
}

/** How likely another variation is to be new, of which something is hoped for from the start. */
function promiseOf({ news, variations }: Kept): number {
  return (news + 1) / (variations + 1);
}
