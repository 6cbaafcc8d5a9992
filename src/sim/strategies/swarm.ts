import type { Prng } from "../../task/index.ts";
import { type ChoicePoint, type Coverage, sampledCoverage, type Strategy } from "../strategy.ts";

const WEIGHT_MAX = 50;

/**
 * A random walk in which each task has a weight of its own, drawn afresh for each run: some runs
 * starve a task, others rush it (Walker, 2018, as in dejafu). It comes near PCT without needing to
 * know how long a run is.
 */
export class SwarmStrategy implements Strategy {
  readonly name = "swarm";
  readonly #prng: Prng;
  readonly #weights: number[] = [];

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  beginRun(): boolean {
    this.#weights.length = 0;
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return this.#prng.below(point.count);
    const weights = this.#weights;
    while (weights.length < point.taskCount) weights.push(1 + this.#prng.below(WEIGHT_MAX));
    let total = 0;
    for (let i = 0; i < point.count; i++) total += weights[point.taskAt(i)] ?? 0;
    let left = this.#prng.below(total);
    for (let i = 0; i < point.count - 1; i++) {
      left -= weights[point.taskAt(i)] ?? 0;
      if (left < 0) return i;
    }
    return point.count - 1;
  }

  endRun(): void {}

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}
