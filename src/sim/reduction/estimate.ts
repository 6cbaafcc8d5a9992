import type { Prng, TaskId } from "../../task/index.ts";
import type { Segment } from "../segment.ts";
import {
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { type Draw, eventOf } from "./event.ts";
import { countExchanged } from "./exchanges.ts";
import { countLinearizations } from "./linearizations.ts";
import { RunOrder } from "./run-order.ts";
import { Twins } from "./twins.ts";

/** How many interleavings a program has, as far as random runs show. */
export interface Estimate {
  /** Happens-before orders. */
  readonly orders: number;
  /** Two standard errors below and above; at least 1. */
  readonly low: number;
  readonly high: number;
  /** Schedules, most of which differ only in the order of independent events. */
  readonly schedules: number;
  readonly probes: number;
}

/**
 * Estimates how many happens-before orders a program has, from random runs, without bias.
 *
 * A run is drawn with a probability p that is the product of its choices', so that 1/p is on the
 * average the number of schedules (Knuth, 1975). If L schedules have the run's order, which is
 * counted, 1/(p L) is on the average the number of orders; and if E orders are the same but for an
 * exchange of twins, 1/(p L E) is the number of those that are not. How far a few probes are off
 * shows in their spread; of programs whose runs are very unlike each other it shows too little.
 */
export class Estimator implements Strategy {
  readonly name = "probe";
  readonly #prng: Prng;
  readonly #twins: Twins;
  #order = new RunOrder();
  #draws: Draw[] = [];
  #logProbability = 0;
  #lengthMax = 1;
  #length = 0;
  readonly #orders = new Sample();
  readonly #schedules = new Sample();

  /** @param twins As a reduction is given them; then orders count up to an exchange of twins. */
  constructor(prng: Prng, twins: readonly (readonly TaskId[])[] = []) {
    this.#prng = prng;
    this.#twins = new Twins(twins);
  }

  beginRun(): boolean {
    this.#order = new RunOrder();
    this.#draws = [];
    this.#logProbability = 0;
    this.#length = 0;
    return true;
  }

  choose(point: ChoicePoint): number {
    const { count } = point;
    const crash = point.kind === "task" ? point.crashIndex : -1;
    if (crash >= 0) {
      // Each moment is about as likely as any other, as in the random strategies.
      const left = Math.max(this.#lengthMax - point.stepIndex, 0) + 2;
      if (this.#prng.below(left) === 0) {
        this.#logProbability -= Math.log(left);
        return crash;
      }
      this.#logProbability += Math.log(1 - 1 / left);
      const other = this.#among(count - 1);
      return other < crash ? other : other + 1;
    }
    const chosen = this.#among(count);
    if (point.kind === "value") this.#draws.push({ value: chosen, count });
    return chosen;
  }

  segmentRan(segment: Segment): void {
    this.#length++;
    this.#order.add(eventOf(segment, this.#draws));
    this.#draws = [];
  }

  endRun(summary: RunSummary): void {
    this.#lengthMax = Math.max(this.#lengthMax, this.#length);
    const { failure } = summary;
    const last = this.#order.events.at(-1);
    if (failure !== null && last?.isFatal === true) {
      const spared = (failure.cycle ?? []).map(({ task }) => task);
      this.#order.truncate(this.#order.events.length - 1);
      this.#order.add({ ...last, spared });
    }
    this.#schedules.add(Math.exp(-this.#logProbability));
    const alike = countLinearizations(this.#order);
    if (alike === null) return;
    const exchanged = countExchanged(this.#order, this.#twins);
    this.#orders.add(Math.exp(-this.#logProbability - Math.log(alike) - Math.log(exchanged)));
  }

  /** What the runs so far say; null if the orders alike of no run could be counted. */
  estimate(): Estimate | null {
    const { mean, error, count } = this.#orders;
    if (count === 0) return null;
    return {
      orders: mean,
      low: Math.max(1, mean - 2 * error),
      high: mean + 2 * error,
      schedules: this.#schedules.mean,
      probes: count,
    };
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }

  #among(count: number): number {
    if (count < 2) return 0;
    this.#logProbability -= Math.log(count);
    return this.#prng.below(count);
  }
}

/** Mean and standard error of numbers that come one by one. */
class Sample {
  count = 0;
  mean = 0;
  #squares = 0;

  /** By Welford's method. */
  add(value: number): void {
    this.count++;
    const off = value - this.mean;
    this.mean += off / this.count;
    this.#squares += off * (value - this.mean);
  }

  /** The standard error of the mean. */
  get error(): number {
    return this.count < 2 ? this.mean : Math.sqrt(this.#squares / (this.count - 1) / this.count);
  }
}
