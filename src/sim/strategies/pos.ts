import { doCommute, type Prng, taskId } from "../../task/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  type PendingStep,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { CrashMoment } from "./crash-moment.ts";

/** Of a pending step that is to be given a priority. */
const NOT_RANKED = -1;

/**
 * Partial order sampling (Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling, CAV 2018).
 *
 * Each pending step, not each task, has a random priority, and the highest goes. Those that race
 * with it are then given new ones: had they kept theirs, to have come second once would mean to
 * come early ever after. A task with n steps of its own on its way to a race comes first once in
 * n + 2 runs, where a random walk lets it only once in 2^(n + 1).
 *
 * A step that cannot be taken is ranked anew too, as that of a task that waits for what is
 * released. A crash comes at a moment of its own.
 */
export class PosStrategy implements Strategy {
  readonly name = "pos";
  readonly #prng: Prng;
  readonly #crash: CrashMoment;
  readonly #priorities: number[] = [];
  /** By task: how many steps it had taken when its pending step was ranked. */
  readonly #rankedAt: number[] = [];

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#crash = new CrashMoment(prng);
  }

  beginRun(): boolean {
    this.#crash.beginRun();
    this.#rankedAt.fill(NOT_RANKED);
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return this.#prng.below(point.count);
    if (this.#crash.isNow(point)) return point.crashIndex;
    const best = this.#highest(point);
    const chosen = point.pendingAt(best);
    if (chosen !== null && chosen.objectId >= 0) this.#forgetRacing(point, best, chosen);
    return best;
  }

  endRun(summary: RunSummary): void {
    this.#crash.endRun(summary);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }

  #highest(point: ChoicePoint): number {
    let best = 0;
    let bestPriority = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < point.count; i++) {
      if (i === point.crashIndex) continue;
      const priority = this.#priorityOf(point, i);
      if (priority <= bestPriority) continue;
      best = i;
      bestPriority = priority;
    }
    return best;
  }

  #priorityOf(point: ChoicePoint, index: number): number {
    const task = point.taskAt(index);
    while (this.#rankedAt.length <= task) this.#rankedAt.push(NOT_RANKED);
    const taken = point.stepsTaken(task);
    if (this.#rankedAt[task] !== taken) {
      this.#rankedAt[task] = taken;
      this.#priorities[task] = this.#prng.next();
    }
    return this.#priorities[task] ?? 0;
  }

  #forgetRacing(point: ChoicePoint, best: number, chosen: PendingStep): void {
    const { objectId, access } = chosen;
    const mine = point.taskAt(best);
    for (let i = 0; i < point.taskCount; i++) {
      const task = taskId(i);
      if (task === mine) continue;
      const other = point.pendingOf(task);
      if (other === null || other.objectId !== objectId) continue;
      if (!doCommute(access, other.access)) this.#rankedAt[task] = NOT_RANKED;
    }
  }
}
