import { ACCESS_WRITE, type Prng, type TaskId, taskId } from "../../task/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  type PendingStep,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { CrashMoment } from "./crash-moment.ts";
import { StepCounts } from "./step-counts.ts";

/**
 * Which steps are interesting: those on one object, drawn anew for each run, as the latch of a page
 * or a variable; all that write, as latches in a mode that excludes others, and so whatever changes
 * the structure of a tree; or either, all that write being drawn like one more object.
 */
export type Interest = "object" | "writes" | "either";

/** The group of all that write; objects have numbers of their own from 0. */
const WRITES = -1;
/** In the run in which nothing is interesting, since nothing is known yet. */
const NOTHING = -2;
const NOBODY = -1;

/**
 * Selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform
 * Concurrency Testing, ASPLOS 2025).
 *
 * Only some steps are interesting, and those are interleaved uniformly: the task that takes the
 * next one is drawn by how many of them it has still to take, and the interesting steps of all
 * others are held back until it has. A bug is then as likely as the order of few steps that it
 * needs, however many others the program has. The rest goes by random priorities of the tasks in
 * one half of the runs, as published, and is a random walk in the other, for bugs that need the
 * orders of steps on two objects.
 *
 * How many interesting steps a task takes is learned from earlier runs, as in `UrwStrategy`; steps
 * at which there was no choice are not seen, and those of tasks that are not spawned yet count too.
 * Objects are drawn among those that two tasks have touched, one to write; in the first run none
 * is known. A release is never interesting: whoever comes next decides. If nobody but those held
 * back can go on, the task is drawn anew among them.
 */
export class SurwStrategy implements Strategy {
  readonly name: string;
  readonly interest: Interest;
  readonly #prng: Prng;
  readonly #crash: CrashMoment;
  readonly #counts = new StepCounts();
  /** By task. */
  readonly #priorities: number[] = [];
  /** By task: how many steps it had taken once its step on the group had only joined a queue. */
  readonly #queuedAt: number[] = [];
  readonly #weights: number[] = [];
  /** The group of steps that is interesting in this run. */
  #group = NOTHING;
  /** Who takes the next interesting step. */
  #intended = NOBODY;
  #tasksMax = 0;
  /** Whether in this run the rest of the steps is a random walk and goes by no priorities. */
  #isWalk = false;

  constructor(prng: Prng, interest: Interest = "either") {
    this.name = interest === "either" ? "surw" : `surw:${interest}`;
    this.interest = interest;
    this.#prng = prng;
    this.#crash = new CrashMoment(prng);
  }

  beginRun(): boolean {
    this.#crash.beginRun();
    this.#counts.begin();
    this.#priorities.length = 0;
    this.#queuedAt.length = 0;
    this.#intended = NOBODY;
    this.#isWalk = this.#prng.below(2) === 0;
    this.#group = this.#drawGroup();
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return this.#prng.below(point.count);
    if (this.#crash.isNow(point)) return point.crashIndex;
    while (this.#priorities.length < point.taskCount) this.#priorities.push(this.#prng.next());
    this.#intend(point);
    let best = this.#highest(point);
    if (best < 0) {
      this.#intended = this.#draw(point, (task) => optionOf(point, task) >= 0);
      best = this.#highest(point);
    }
    this.#note(point, best);
    return best;
  }

  endRun(summary: RunSummary): void {
    this.#crash.endRun(summary);
    this.#counts.learn();
    this.#tasksMax = Math.max(this.#tasksMax, summary.taskCount);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }

  #drawGroup(): number {
    if (this.interest === "writes") return WRITES;
    const { contended } = this.#counts;
    if (contended.length === 0) return NOTHING;
    const drawn = this.#prng.below(contended.length + (this.interest === "either" ? 1 : 0));
    return contended[drawn] ?? WRITES;
  }

  /** Sees to it that somebody is to take the next interesting step, who has not ended. */
  #intend(point: ChoicePoint): void {
    const task = this.#intended;
    if (task >= point.taskCount) return;
    if (task !== NOBODY && point.pendingOf(taskId(task)) !== null) return;
    this.#intended = this.#draw(point, () => true);
  }

  /** Draws a task by the interesting steps that it has left; nobody if no task has any. */
  #draw(point: ChoicePoint, isAsked: (task: TaskId) => boolean): number {
    const tasks = Math.max(point.taskCount, this.#tasksMax);
    let total = 0;
    for (let i = 0; i < tasks; i++) {
      const task = taskId(i);
      const weight = isAsked(task) ? this.#weightOf(point, task) : 0;
      this.#weights[i] = weight;
      total += weight;
    }
    let left = this.#prng.next() * total;
    for (let i = 0; i < tasks; i++) {
      const weight = this.#weights[i] ?? 0;
      if (left < weight) return i;
      left -= weight;
    }
    return NOBODY;
  }

  #weightOf(point: ChoicePoint, task: TaskId): number {
    const left = this.#counts.left(this.#group, task);
    if (task >= point.taskCount) return left;
    const pending = point.pendingOf(task);
    if (pending === null) return 0;
    return this.#isInteresting(point, task, pending) ? Math.max(left, 1) : left;
  }

  /** The option of the highest priority among those not held back, or -1. */
  #highest(point: ChoicePoint): number {
    let best = -1;
    let bestPriority = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < point.count; i++) {
      if (i === point.crashIndex) continue;
      const task = point.taskAt(i);
      const priority = this.#isWalk ? this.#prng.next() : (this.#priorities[task] ?? 0);
      if (priority <= bestPriority) continue;
      const pending = point.pendingAt(i);
      const isHeldBack =
        task !== this.#intended && pending !== null && this.#isInteresting(point, task, pending);
      if (isHeldBack) continue;
      best = i;
      bestPriority = priority;
    }
    return best;
  }

  #isInteresting(point: ChoicePoint, task: TaskId, pending: PendingStep): boolean {
    if (!this.#isInGroup(pending)) return false;
    // Its place in the queue was the event; that its turn has come is none.
    return this.#queuedAt[task] !== point.stepsTaken(task);
  }

  #isInGroup({ objectId, access, isRelease }: PendingStep): boolean {
    if (isRelease || objectId < 0) return false;
    return this.#group === WRITES ? access === ACCESS_WRITE : objectId === this.#group;
  }

  /** Counts the step that is chosen. */
  #note(point: ChoicePoint, index: number): void {
    const task = point.taskAt(index);
    const pending = point.pendingAt(index);
    if (pending === null) return;
    const { objectId, access, isRelease } = pending;
    if (isRelease || objectId < 0 || this.#queuedAt[task] === point.stepsTaken(task)) return;
    const isWrite = access === ACCESS_WRITE;
    if (this.interest !== "writes") this.#counts.count(objectId, task, isWrite);
    if (this.interest !== "object" && isWrite) this.#counts.count(WRITES, task, false);
    if (this.#isInGroup(pending)) this.#intended = NOBODY;
    if (!point.canTakeAt(index)) this.#queuedAt[task] = point.stepsTaken(task) + 1;
  }
}

function optionOf(point: ChoicePoint, task: TaskId): number {
  for (let i = 0; i < point.count; i++) {
    if (i !== point.crashIndex && point.taskAt(i) === task) return i;
  }
  return -1;
}
