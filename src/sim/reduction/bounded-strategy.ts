import {
  ACCESS_NONE,
  InvariantViolation,
  inWords,
  LatchworkError,
  type TaskId,
} from "../../task/index.ts";
import type { Segment } from "../segment.ts";
import {
  ABANDON,
  type ChoicePoint,
  type Coverage,
  type PendingStep,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import {
  boundedNode,
  type BoundedNode,
  costOf,
  type Dozer,
  stillDozing,
  takeNextTask,
  takeNextValues,
  taskOf,
} from "./bounded-node.ts";
import { areSameTouches, doesMeet, eventOf } from "./event.ts";
import { Prelude } from "./prelude.ts";

/** How far a bounded search has come. */
export interface BoundedCounts {
  /** Runs that came to their end. */
  readonly runs: number;
  /** Runs given up, as what they would come to had been run. */
  readonly asleep: number;
  /** See `ReductionCounts`. */
  readonly hurried: number;
}

/**
 * Runs schedules with at most so many preemptions, by depth-first search, and leaves out such as
 * have the happens-before order of one that was run before. Every order that a schedule within the
 * bound has is run; some are run more than once.
 *
 * Reduction alone would lose orders: it reverses races of runs that may be beyond the bound. So all
 * tasks are tried at each point, but for two rules, by which any schedule that is left out can be
 * made one that comes earlier in the search, has the same order and no more preemptions:
 *
 * 1. Let x be what a task does next at some point, p a schedule to there, and w what others do
 *    after it instead, independent of x. Then p w x and p x w come to the same. If x costs a
 *    preemption less than w does there, or as many and its task cannot go on after x, then p x w
 *    and what follows has no more preemptions than p w x and the same. So once all that begins with
 *    p x has been run, the task *dozes*: it is not run before something that x is not independent
 *    of.
 * 2. If nothing that others did in any run below p x meets x, then nothing that could be run from p
 *    instead of x would ever wake the task, and none of it need be begun.
 *
 * Neither holds where time passes later. Who can go on then may be the one who went on last in one
 * of two orders and not in the other, so the same order may take a preemption more. So they are not
 * used where time passed in some run below p x. That is enough: p x w has no more preemptions than
 * p w x up to where time passes, and then somebody can go on without one. So if time passes in what
 * would be left out, it passes in something that is not. Time after a crash does not matter to what
 * was before it.
 */
export class BoundedReductionStrategy implements Strategy {
  readonly name: string;
  readonly preemptionsMax: number;
  readonly #prelude = new Prelude();
  readonly #path: BoundedNode[] = [];
  #depth = 0;
  #drawn = 0;
  #isGivenUp = false;
  #isBegun = false;
  #isExhausted = false;
  #wasCut = false;
  readonly #counts = { runs: 0, asleep: 0, hurried: 0 };

  /**
   * @param preemptionsMax Most preemptions in a schedule.
   * @throws LatchworkError BAD_ARGUMENT unless it is a whole number from 0 up.
   */
  constructor(preemptionsMax: number) {
    if (!Number.isSafeInteger(preemptionsMax) || preemptionsMax < 0) {
      const found = inWords(preemptionsMax);
      const message = `preemptionsMax: expected a whole number from 0, found ${found}`;
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    this.preemptionsMax = preemptionsMax;
    this.name = `dpor:${preemptionsMax}`;
  }

  get counts(): BoundedCounts {
    return this.#counts;
  }

  beginRun(): boolean {
    if (this.#isExhausted) return false;
    if (this.#isBegun && !this.#goOn() && !this.#prelude.goOn()) {
      this.#isExhausted = true;
      return false;
    }
    this.#isBegun = true;
    this.#prelude.begin();
    this.#depth = 0;
    this.#drawn = 0;
    this.#isGivenUp = false;
    return true;
  }

  choose(point: ChoicePoint): number | typeof ABANDON {
    if (this.#isGivenUp) return ABANDON;
    return point.kind === "value" ? this.#chooseValue(point) : this.#chooseTask(point);
  }

  segmentRan(segment: Segment): typeof ABANDON | void {
    if (this.#isGivenUp) return ABANDON;
    if (this.#depth === this.#path.length) this.#reach(this.#forced(segment.task, segment));
    const node = this.#path[this.#depth];
    if (this.#isGivenUp || node === undefined) return ABANDON;
    if (segment.task !== taskOf(node)) throw nondeterminism(this.#depth);
    // If nobody is left but a crash, it makes no difference whose turn it was.
    if (segment.isAfterTime && !segment.isCrash) this.#timePassed();
    if (node.event === null) {
      node.event = eventOf(segment, node.draws);
      node.below.addEvent(node.event);
    } else if (!areSameTouches(node.event.touches, segment.accesses)) {
      throw nondeterminism(this.#depth);
    }
    this.#depth++;
    this.#drawn = 0;
    return undefined;
  }

  endRun(summary: RunSummary): void {
    if (this.#isGivenUp) {
      this.#counts.asleep++;
      return;
    }
    if (this.#depth < this.#path.length) throw nondeterminism(this.#depth);
    if (summary.wasHurried) this.#counts.hurried++;
    this.#counts.runs++;
    const last = this.#path.at(-1);
    // What others would have done is not known.
    if (last !== undefined && summary.failed) last.below.isAnything = true;
  }

  coverage(): Coverage {
    const isComplete = this.#isExhausted && !this.#wasCut;
    return {
      ...sampledCoverage(this.name),
      exhausted: this.#isExhausted && this.#counts.hurried === 0,
      preemptionBound: isComplete ? null : this.preemptionsMax,
      schedules: this.#counts.runs,
    };
  }

  #chooseValue({ count, runner }: ChoicePoint): number | typeof ABANDON {
    if (runner === null) return this.#prelude.choose(count);
    if (this.#depth === this.#path.length) this.#reach(this.#forced(runner, null));
    const node = this.#path[this.#depth];
    if (this.#isGivenUp || node === undefined) return ABANDON;
    const known = node.draws[this.#drawn++];
    if (known !== undefined) return known.value;
    node.draws.push({ value: 0, count });
    return 0;
  }

  #chooseTask(point: ChoicePoint): number | typeof ABANDON {
    if (this.#depth === this.#path.length) {
      const enabled = Array.from({ length: point.count }, (_, i) => point.taskAt(i));
      const current = point.currentIndex < 0 ? -1 : (enabled[point.currentIndex] ?? -1);
      const crash = point.crashIndex < 0 ? -1 : (enabled[point.crashIndex] ?? -1);
      const last = this.#last;
      const pending = last === null ? null : point.pendingOf(last);
      const isBlocked = last !== null && pending !== null && !enabled.includes(last);
      this.#reach({ enabled, current, crash, helps: isBlocked ? helpersOf(pending) : () => false });
    }
    const node = this.#path[this.#depth];
    if (this.#isGivenUp || node === undefined) return ABANDON;
    for (let i = 0; i < point.count; i++) if (point.taskAt(i) === taskOf(node)) return i;
    throw nondeterminism(this.#depth);
  }

  /** Time has passed after the last event, and so below all that led to it. */
  #timePassed(): void {
    const parent = this.#path[this.#depth - 1];
    if (parent !== undefined) parent.below.hasTimePassed = true;
  }

  /** Who was the last to go on; null before the first event. */
  get #last(): TaskId | null {
    const parent = this.#path[this.#depth - 1];
    return parent === undefined ? null : (taskOf(parent) ?? null);
  }

  /** A place where only one task could go on. Of whom it helped is known what its segment tells. */
  #forced(task: TaskId, segment: Segment | null): Place {
    const last = this.#last;
    const helps = (): boolean =>
      segment === null || (last !== null && [...segment.enabled, ...segment.letGo].includes(last));
    return { enabled: [task], current: -1, crash: -1, helps };
  }

  /** Comes to where no run has been: decides what is run there. */
  #reach({ enabled, current, crash, helps }: Place): void {
    const parent = this.#path[this.#depth - 1];
    const last = this.#last;
    const used = parent === undefined || last === null ? 0 : parent.used + costOf(parent, last);
    const event = parent?.event ?? null;
    let dozers = parent === undefined || event === null ? [] : stillDozing(parent.dozers, event);
    const canGoOn = last !== null && enabled.includes(last);
    if (parent !== undefined) parent.canGoOn = canGoOn;
    if (!canGoOn) dozers = dozers.filter((dozer) => !helps(dozer));
    const node = boundedNode(enabled, { current, crash, used }, dozers);
    if (used === this.preemptionsMax && enabled.some((task) => costOf(node, task) > 0)) {
      this.#wasCut = true;
    }
    if (takeNextTask(node, this.preemptionsMax)) this.#path.push(node);
    else {
      this.#isGivenUp = true;
      parent?.below.addAll(node.seen);
    }
  }

  /** Makes the path that of the next run; false if there is none. */
  #goOn(): boolean {
    for (;;) {
      const node = this.#path.at(-1);
      if (node === undefined) return false;
      if (takeNextValues(node)) return true;
      // After a crash nobody is left whose turn it was before.
      if (node.event?.isCrash === true) node.below.hasTimePassed = false;
      node.seen.addAll(node.below);
      if (!this.#isEnough(node) && takeNextTask(node, this.preemptionsMax)) return true;
      this.#path.pop();
      this.#path.at(-1)?.below.addAll(node.seen);
    }
  }

  /** Whether what was run last stands for all that is left to run from a node; else it may doze. */
  #isEnough(node: BoundedNode): boolean {
    const { event, below } = node;
    if (event === null || event.draws.length > 0 || below.hasTimePassed) return false;
    const saves = node.current >= 0 && node.at === 0 && event.task === node.current;
    if (!saves && (node.canGoOn || costOf(node, event.task) > 0 !== node.current >= 0))
      return false;
    if (!below.meets(event)) return true;
    node.dozers = [...node.dozers, { event, seen: below }];
    return false;
  }
}

/** A point of a run at which no run has been. */
interface Place {
  readonly enabled: readonly TaskId[];
  readonly current: TaskId | -1;
  readonly crash: TaskId | -1;
  /**
   * Whether what somebody does who dozes may let the last task go on, which is blocked: to leave it
   * costs nothing, and would cost a preemption if that had come before.
   */
  readonly helps: (dozer: Dozer) => boolean;
}

function helpersOf({ objectId, access }: PendingStep): (dozer: Dozer) => boolean {
  if (access === ACCESS_NONE) return () => true;
  return ({ event }) => doesMeet({ objectId, access }, event);
}

function nondeterminism(depth: number): InvariantViolation {
  const message =
    `event ${depth} differs from that of the run before; ` +
    "a program must behave the same under the same schedule";
  return new InvariantViolation(message, "nondeterminism");
}
