import type { Prng } from "../../task/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.ts";

const WEIGHT_MAX = 50;

/**
 * A random walk in which each task has a weight of its own, drawn afresh for each run: some runs
 * starve a task, others rush it (Walker, 2018, as in dejafu). It comes near PCT without needing to
 * know how long a run is.
 */
export class SwarmStrategy implements Strategy {
  readonly name = "swarm";
  readonly #prng: Prng;
  readonly #crash: CrashMoment;
  readonly #weights: number[] = [];

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#crash = new CrashMoment(prng);
  }

  beginRun(): boolean {
    this.#crash.beginRun();
    this.#weights.length = 0;
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return this.#prng.below(point.count);
    const weights = this.#weights;
    while (weights.length < point.taskCount) weights.push(1 + this.#prng.below(WEIGHT_MAX));
    if (this.#crash.isNow(point)) return point.crashIndex;
    const last = othersCount(point) - 1;
    let total = 0;
    for (let i = 0; i <= last; i++) total += weights[point.taskAt(withoutCrash(point, i))] ?? 0;
    let left = this.#prng.below(total);
    for (let i = 0; i < last; i++) {
      const option = withoutCrash(point, i);
      left -= weights[point.taskAt(option)] ?? 0;
      if (left < 0) return option;
    }
    return withoutCrash(point, last);
  }

  endRun(summary: RunSummary): void {
    this.#crash.endRun(summary);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}
