import {
  ACCESS_NONE,
  InvariantViolation,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  type TaskId,
  taskId,
} from "../../task/index.ts";
import type { Segment } from "../segment.ts";
import {
  ABANDON,
  type ChoicePoint,
  type Coverage,
  type RunSummary,
  sampledCoverage,
  type Strategy,
} from "../strategy.ts";
import { areSameTouches, type Draw, type Event, eventOf } from "./event.ts";
import { firstAwake, newNode, type Node, takeNextDraws, takePlanned } from "./node.ts";
import { type GivenUp, mustBeObserver, type ReductionObserver } from "./observer.ts";
import { Prelude } from "./prelude.ts";
import { firstOfReversal, type Race, racesOf, reversalOf, type Unrun } from "./races.ts";
import { RunOrder } from "./run-order.ts";
import { sleeps, sleepsAsItDrew, stillAsleep, withLeaf } from "./sleep.ts";
import { Twins } from "./twins.ts";
import { insert, isCovered, prune } from "./wakeup-tree.ts";

/** How far a reduction has come. */
export interface ReductionCounts {
  /** Runs that came to their end, each of another happens-before order than all others. */
  readonly runs: number;
  /**
   * Runs given up because all that could go on slept, so that what they would come to has been run;
   * see invariant 3 of this folder's essay.
   */
  readonly asleep: number;
  /** Runs given up because a reversal turned out to be impossible. */
  readonly impossible: number;
  /** Runs in which an event did something else than its footprint allows. */
  readonly strayed: number;
  /** Runs in which a task did something else than the twin that it was said to have. */
  readonly unlike: number;
  /** Runs that the simulator cut short or shared out itself: see `RunSummary.wasHurried`. */
  readonly hurried: number;
  /** Races found, over all runs. */
  readonly races: number;
  /** Sequences planned for them. */
  readonly reversals: number;
}

/** A search between two runs: the path to the last run, and what is planned and asleep along it. */
export interface SavedSearch {
  readonly counts: ReductionCounts;
  readonly twins: readonly (readonly TaskId[])[];
  readonly prelude: readonly Draw[];
  readonly path: readonly Node[];
  readonly isBegun: boolean;
  readonly isExhausted: boolean;
}

/** How a reduction is made. */
export interface ReductionOptions {
  /**
   * Sets of tasks that are exchangeable: there from the start, of the same code with the same
   * arguments, and never told apart by what others do, as by who joins which of them. Orders that
   * are the same but for an exchange of such tasks are run once. Default none.
   */
  readonly twins?: readonly (readonly TaskId[])[];
}

const OPTION_NAMES = optionNames<ReductionOptions>({ twins: true });

/** Runs one schedule of each happens-before order: see the essay of this folder. */
export class ReductionStrategy implements Strategy {
  readonly name = "dpor";
  readonly #observer: ReductionObserver;
  /** What is drawn before the first event. */
  readonly #prelude = new Prelude();
  readonly #twins: Twins;
  readonly #order: RunOrder;
  /** The events of the last run, and of the next one as far as it is decided. */
  readonly #path: Node[] = [];
  /** How many events of this run have been run. */
  #depth = 0;
  /** How many values the event that runs has drawn. */
  #drawn = 0;
  #givenUp: GivenUp | null = null;
  #isBegun = false;
  #isExhausted = false;
  readonly #counts = {
    runs: 0,
    asleep: 0,
    impossible: 0,
    strayed: 0,
    unlike: 0,
    hurried: 0,
    races: 0,
    reversals: 0,
  };

  /**
   * @throws LatchworkError BAD_ARGUMENT for an option or a method of the observer that there is
   *   not, for twins that are no lists of tasks, or a task twice.
   */
  constructor(observer: ReductionObserver = {}, options: ReductionOptions = {}) {
    mustBeObserver(observer);
    refuseUnknownOptions("a reduction", options, OPTION_NAMES);
    this.#observer = observer;
    this.#twins = new Twins(options.twins ?? []);
    this.#order = new RunOrder(this.#twins);
  }

  /** The search as plain data, to be taken up by {@link resume}. Requires: no run is under way. */
  save(): SavedSearch {
    return {
      counts: { ...this.#counts },
      twins: this.#twins.groups,
      prelude: this.#prelude.draws,
      path: this.#path,
      isBegun: this.#isBegun,
      isExhausted: this.#isExhausted,
    };
  }

  /**
   * Goes on with a search that was saved, of the same program. Requires: no run was made.
   *
   * @throws LatchworkError BAD_ARGUMENT if it was made with other twins.
   */
  resume(saved: SavedSearch): void {
    if (JSON.stringify(saved.twins) !== JSON.stringify(this.#twins.groups)) {
      const message = "a search is resumed with the twins that it was begun with";
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    Object.assign(this.#counts, saved.counts);
    this.#prelude.draws = [...saved.prelude];
    this.#path.push(...saved.path);
    this.#isBegun = saved.isBegun;
    this.#isExhausted = saved.isExhausted;
    for (const { event } of this.#path) if (event !== null) this.#order.add(event);
  }

  /** How far the search is. */
  get counts(): ReductionCounts {
    return this.#counts;
  }

  /** Whether there is nothing left to explore. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Whether what has been explored stands for all that it should. */
  get isSound(): boolean {
    const { strayed, unlike, hurried } = this.#counts;
    return strayed === 0 && unlike === 0 && hurried === 0;
  }

  beginRun(): boolean {
    if (this.#isExhausted) return false;
    if (this.#isBegun && !this.#goOn() && !this.#prelude.goOn()) {
      this.#isExhausted = true;
      this.#observer.exhausted?.();
      return false;
    }
    this.#isBegun = true;
    this.#prelude.begin();
    this.#depth = 0;
    this.#drawn = 0;
    this.#givenUp = null;
    this.#observer.began?.(Math.max(this.#path.length - 1, 0));
    return true;
  }

  choose(point: ChoicePoint): number | typeof ABANDON {
    return point.kind === "value" ? this.#chooseValue(point) : this.#chooseTask(point);
  }

  segmentRan(segment: Segment): typeof ABANDON | void {
    if (this.#givenUp !== null) return ABANDON;
    if (this.#depth === this.#path.length) this.#reach([segment.task], segment.task, -1);
    const node = this.#path[this.#depth];
    if (this.#givenUp !== null || node === undefined) return ABANDON;
    const isKnown = this.#depth < this.#order.events.length;
    if (segment.task !== node.task) {
      if (isKnown) throw nondeterminism(this.#depth);
      return this.#giveUp(node.expected === null ? "impossible" : "strayed");
    }
    this.#drawn = 0;
    if (isKnown) {
      if (!isSame(segment, node.event)) throw nondeterminism(this.#depth);
      this.#depth++;
      return undefined;
    }
    const event = eventOf(segment, node.draws);
    if (node.expected !== null && !isSame(segment, node.expected)) return this.#giveUp("strayed");
    node.event = event;
    this.#order.add(event);
    if (this.#order.isUnlike(this.#depth)) return this.#giveUp("unlike");
    this.#observer.visited?.(this.#depth, event);
    this.#depth++;
    return undefined;
  }

  endRun(summary: RunSummary): void {
    if (this.#givenUp !== null) {
      this.#counts[this.#givenUp]++;
      if (this.#givenUp === "asleep") this.#markRun();
      return;
    }
    if (this.#depth < this.#path.length) throw nondeterminism(this.#depth);
    if (summary.wasHurried) this.#counts.hurried++;
    this.#counts.runs++;
    this.#markRun();
    this.#markFatal(summary);
    const unrun = unrunOf(summary);
    for (const { stopped } of this.#order.events) {
      for (const { task, asked } of stopped) unrun.push({ task, asked, isCrash: false });
    }
    for (const race of racesOf(this.#order, this.#isEnabledAt, unrun)) {
      this.#counts.races++;
      this.#observer.raced?.(race);
      this.#reverse(race, unrun);
    }
  }

  coverage(): Coverage {
    return {
      ...sampledCoverage(this.name),
      exhausted: this.#isExhausted && this.isSound,
      schedules: this.#counts.runs,
    };
  }

  readonly #isEnabledAt = (at: number, task: TaskId): boolean =>
    this.#path[at]?.enabled.includes(task) === true;

  #chooseValue({ count, runner }: ChoicePoint): number | typeof ABANDON {
    if (runner === null) return this.#prelude.choose(count);
    if (this.#depth === this.#path.length) this.#reach([runner], runner, -1);
    if (this.#givenUp !== null) return ABANDON;
    const node = this.#path[this.#depth];
    if (node === undefined) return this.#giveUp("strayed");
    const at = this.#drawn++;
    const known = node.draws[at];
    if (known !== undefined) return known.value;
    const prescribed = node.prescribed?.[at];
    if (node.prescribed !== null && prescribed?.count !== count) return this.#giveUp("strayed");
    const value = prescribed?.value ?? firstAwake(node, count, 0);
    if (value === null) return this.#giveUp("asleep");
    node.draws.push({ value, count });
    return value;
  }

  #chooseTask(point: ChoicePoint): number | typeof ABANDON {
    if (this.#depth === this.#path.length) {
      const enabled = Array.from({ length: point.count }, (_, i) => point.taskAt(i));
      const preferred = point.currentIndex < 0 ? undefined : enabled[point.currentIndex];
      const crash = point.crashIndex < 0 ? -1 : (enabled[point.crashIndex] ?? -1);
      this.#reach(enabled, preferred ?? null, crash);
    }
    if (this.#givenUp !== null) return ABANDON;
    const node = this.#path[this.#depth];
    for (let i = 0; i < point.count; i++) if (point.taskAt(i) === node?.task) return i;
    if (node !== undefined && node.event !== null) throw nondeterminism(this.#depth);
    return this.#giveUp(node?.expected === null ? "impossible" : "strayed");
  }

  /** Comes to where no run has been: decides what is run there. */
  #reach(enabled: readonly TaskId[], preferred: TaskId | null, crash: number): void {
    const parent = this.#path[this.#depth - 1];
    const event = parent?.event ?? null;
    const sleepers =
      parent === undefined || event === null ? [] : stillAsleep(parent.sleepers, event);
    const planned = parent?.after ?? [];
    if (parent !== undefined) parent.after = [];
    if (!this.#areTwinsAlike(enabled)) {
      this.#giveUp("unlike");
      return;
    }
    const awake = enabled.filter((task) => !sleeps(sleepers, task) && !this.#awaitsTwin(task));
    const free = awake.filter((task) => task !== crash);
    const isPreferred = preferred !== null && free.includes(preferred);
    const task = planned[0]?.task ?? (isPreferred ? preferred : (free[0] ?? awake[0]));
    if (task === undefined) {
      this.#giveUp("asleep");
      return;
    }
    const node = newNode(enabled, sleepers, planned, task);
    takePlanned(node);
    this.#path.push(node);
  }

  #awaitsTwin(task: TaskId): boolean {
    return this.#order.twinsAwaited(task).length > 0;
  }

  /** Whether each twin can go on where its like can. */
  #areTwinsAlike(enabled: readonly TaskId[]): boolean {
    if (this.#twins.areNone) return true;
    return enabled.every((task) =>
      this.#order.twinsAwaited(task).every((twin) => enabled.includes(twin)),
    );
  }

  #giveUp(why: GivenUp): typeof ABANDON {
    this.#givenUp = why;
    this.#observer.abandoned?.(this.#depth, why);
    const origin = this.#path[this.#depth]?.origin ?? null;
    const planner = origin === null ? undefined : this.#path[origin.depth];
    if (why === "impossible" && origin !== null && planner !== undefined) {
      planner.impossible = [...planner.impossible, origin.key];
    }
    return ABANDON;
  }

  /** Makes the path that of the next run; false if there is none. */
  #goOn(): boolean {
    for (;;) {
      const depth = this.#path.length - 1;
      const node = this.#path[depth];
      if (node === undefined) return false;
      this.#order.truncate(depth);
      if (node.event !== null) {
        if (node.hasRun) this.#sleep(node, node.event, depth);
        if (takeNextDraws(node)) return true;
      }
      node.planned = prune(node.planned, node.sleepers);
      if (takePlanned(node)) return true;
      this.#path.pop();
    }
  }

  #sleep(node: Node, event: Event, depth: number): void {
    node.sleepers = withLeaf(node.sleepers, event);
    this.#observer.slept?.(depth, event);
  }

  #markRun(): void {
    for (const node of this.#path) node.hasRun = true;
  }

  /** A run that failed while tasks could go on has ended with an event that kept them from it. */
  #markFatal({ failure }: RunSummary): void {
    const node = this.#path[this.#path.length - 1];
    const event = node?.event ?? null;
    if (node === undefined || event === null || failure === null) return;
    if (!event.isFatal && failure.kind !== "lost-wakeup") return;
    const spared = failure.kind === "deadlock" ? (failure.cycle ?? []).map(({ task }) => task) : [];
    node.event = { ...event, isFatal: true, spared };
    this.#order.truncate(this.#path.length - 1);
    this.#order.add(node.event);
  }

  /** Looks only at what goes first, which is nearly always enough. */
  #isSurelyAsleep({ sleepers }: Node, race: Race): boolean {
    if (sleepers.length === 0) return false;
    const first = firstOfReversal(this.#order, race);
    return first === null ? sleeps(sleepers, race.task) : sleepsAsItDrew(sleepers, first);
  }

  #reverse(race: Race, unrun: readonly Unrun[]): void {
    const node = this.#path[race.first];
    if (node === undefined) return;
    if (this.#isSurelyAsleep(node, race)) {
      this.#observer.refused?.(race.first, "asleep", race);
      return;
    }
    const reversal = reversalOf(this.#order, race, unrun);
    const [first] = reversal.items;
    const { key } = reversal;
    const isPossible = first !== undefined && node.enabled.includes(first.task);
    if (!isPossible || node.impossible.includes(key)) {
      // What does not come after the first event must be possible without it.
      if (!isPossible && reversal.items.length > 1) this.#counts.strayed++;
      this.#observer.refused?.(race.first, "impossible", race);
    } else if (isCovered(reversal, node.sleepers)) {
      this.#observer.refused?.(race.first, "asleep", race);
    } else if (insert(node.planned, reversal, { depth: race.first, key })) {
      this.#counts.reversals++;
      const tasks = reversal.items.map(({ task }) => task);
      this.#observer.reversed?.(race.first, tasks, race);
    } else this.#observer.refused?.(race.first, "planned", race);
  }
}

/** Whether a segment touches what an event did. */
function isSame(
  { task, accesses }: Segment,
  event: Pick<Event, "task" | "touches"> | null,
): boolean {
  return event !== null && event.task === task && areSameTouches(event.touches, accesses);
}

function unrunOf(summary: RunSummary): Unrun[] {
  const unrun: Unrun[] = [];
  for (let id = 0; id < summary.taskCount; id++) {
    const task = taskId(id);
    const pending = summary.pendingOf(task);
    if (pending === null) continue;
    const { objectId, access } = pending;
    const asked = access === ACCESS_NONE ? null : { objectId, access };
    unrun.push({ task, asked, isCrash: pending.fact().kind === "crash" });
  }
  return unrun;
}

function nondeterminism(depth: number): InvariantViolation {
  const message =
    `event ${depth} differs from that of the run before; ` +
    "a program must behave the same under the same schedule";
  return new InvariantViolation(message, "nondeterminism");
}
