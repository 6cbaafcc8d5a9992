import { type Prng, taskId } from "../../task/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { CrashMoment, othersCount, withoutCrash } from "./crash-moment.ts";
import { optionAtRank } from "./rank.ts";

/**
 * Uniform random walk: picks a task with probability proportional to the steps it still has to take
 * (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing, ASPLOS 2025).
 *
 * Steps of tasks not yet spawned count for the task that will spawn them. As long as the counts are
 * exact and nothing blocks, all interleavings are then equally likely: they are the linear
 * extensions of a forest, in which the next root is drawn by the size of its tree.
 *
 * The first run is a dry one without preemptions, which learns the counts exactly where they do
 * not depend on the schedule. Where they do, the estimate is the mean over all runs that ended
 * well, and a task that can go on is taken to have at least one step left. Of tasks that a crash
 * cut short nothing is learned.
 */
export class UrwStrategy implements Strategy {
  readonly name = "urw";
  readonly #prng: Prng;
  readonly #crash: CrashMoment;
  /** By task: the sum of its steps over `#samples` runs, and their mean. */
  #sums = new Float64Array(16);
  #samples = new Float64Array(16);
  #means = new Float64Array(16);
  /** By task: which task spawned it in the last run, or -1. */
  #parents = new Int32Array(16).fill(-1);
  /** By task: steps of descendants that were not spawned yet when `#spawned` tasks were known. */
  #hanging = new Float64Array(16);
  #weights = new Float64Array(16);
  #tasks = 0;
  #spawned = -1;
  /** Whether the counts come from a run that failed, and so are too low. */
  #isProvisional = true;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#crash = new CrashMoment(prng);
  }

  beginRun(): boolean {
    this.#spawned = -1;
    this.#crash.beginRun();
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return this.#prng.below(point.count);
    if (this.#crash.isNow(point)) return point.crashIndex;
    if (this.#tasks === 0) return optionAtRank(point, 0);
    if (point.taskCount !== this.#spawned) this.#hangUnspawned(point.taskCount);
    return this.#draw(point);
  }

  endRun(summary: RunSummary): void {
    this.#crash.endRun(summary);
    if (summary.failed && !this.#isProvisional) return;
    if (this.#isProvisional) {
      this.#sums.fill(0);
      this.#samples.fill(0);
    }
    this.#isProvisional = summary.failed;
    this.#learn(summary);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }

  #draw(point: ChoicePoint): number {
    const weights = this.#weights;
    const last = othersCount(point) - 1;
    let total = 0;
    for (let i = 0; i <= last; i++) {
      const weight = this.#weightOf(point, withoutCrash(point, i));
      weights[i] = weight;
      total += weight;
    }
    let left = this.#prng.next() * total;
    for (let i = 0; i < last; i++) {
      left -= weights[i] ?? 0;
      if (left < 0) return withoutCrash(point, i);
    }
    return withoutCrash(point, last);
  }

  #weightOf(point: ChoicePoint, index: number): number {
    const task = point.taskAt(index);
    const own = Math.max((this.#means[task] ?? 0) - point.stepsTaken(task), 1);
    return own + (this.#hanging[task] ?? 0);
  }

  /** A task has a higher id than the one that spawned it, so one pass from the top suffices. */
  #hangUnspawned(spawned: number): void {
    this.#reserve(Math.max(spawned, this.#tasks));
    this.#hanging.fill(0);
    for (let task = this.#tasks - 1; task >= spawned; task--) {
      const parent = this.#parents[task] ?? -1;
      if (parent < 0) continue;
      const steps = (this.#means[task] ?? 0) + (this.#hanging[task] ?? 0);
      this.#hanging[parent] = (this.#hanging[parent] ?? 0) + steps;
    }
    this.#spawned = spawned;
  }

  #learn(summary: RunSummary): void {
    this.#reserve(summary.taskCount);
    for (let task = 0; task < summary.taskCount; task++) {
      this.#parents[task] = summary.parentOf(taskId(task)) ?? -1;
      // How many steps it would have taken without the crash is not known.
      if (summary.wasStopped(taskId(task))) continue;
      const sum = (this.#sums[task] ?? 0) + summary.stepsTaken(taskId(task));
      const samples = (this.#samples[task] ?? 0) + 1;
      this.#sums[task] = sum;
      this.#samples[task] = samples;
      this.#means[task] = sum / samples;
    }
    this.#tasks = Math.max(this.#tasks, summary.taskCount);
  }

  #reserve(tasks: number): void {
    if (tasks <= this.#sums.length) return;
    this.#sums = grown(this.#sums, tasks);
    this.#samples = grown(this.#samples, tasks);
    this.#means = grown(this.#means, tasks);
    this.#hanging = grown(this.#hanging, tasks);
    this.#weights = grown(this.#weights, tasks);
    const parents = new Int32Array(this.#sums.length).fill(-1);
    parents.set(this.#parents);
    this.#parents = parents;
  }
}

function grown(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * length);
  larger.set(column);
  return larger;
}
