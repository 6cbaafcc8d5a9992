import type { Prng } from "../../task/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.ts";

/** Picks uniformly among the runnable tasks: a random walk. Biased, but never stuck in a corner. */
export class RandomStrategy implements Strategy {
  readonly name = "random";
  readonly #prng: Prng;
  readonly #crash: CrashMoment;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#crash = new CrashMoment(prng);
  }

  beginRun(): boolean {
    this.#crash.beginRun();
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.crashIndex < 0) return this.#prng.below(point.count);
    if (this.#crash.isNow(point)) return point.crashIndex;
    return withoutCrash(point, this.#prng.below(othersCount(point)));
  }

  endRun(summary: RunSummary): void {
    this.#crash.endRun(summary);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}
