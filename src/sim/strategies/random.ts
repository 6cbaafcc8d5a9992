import type { Prng } from "../../task/index.ts";
import { type ChoicePoint, type Coverage, sampledCoverage, type Strategy } from "../strategy.ts";

/** Picks uniformly among the runnable tasks: a random walk. Biased, but never stuck in a corner. */
export class RandomStrategy implements Strategy {
  readonly name = "random";
  readonly #prng: Prng;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  beginRun(): boolean {
    return true;
  }

  choose(point: ChoicePoint): number {
    return this.#prng.below(point.count);
  }

  endRun(): void {}

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}
