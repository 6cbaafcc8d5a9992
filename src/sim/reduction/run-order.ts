import type { TaskId } from "../../task/index.ts";
import { areDependent, areSameDraws, areSameTouches, type Event } from "./event.ts";
import { NO_TWINS, type Twins } from "./twins.ts";

const NONE: readonly never[] = [];

/**
 * The happens-before order of a run whose events are added one by one.
 *
 * An event comes after the one before it of its task, after the one that made its task, after those
 * that let it go on, after whatever is dependent and was earlier, and after everything that is
 * before a barrier. Each has a vector clock: of each task, how many of its events come before.
 *
 * If tasks are declared to be twins, an event comes also after the one of the same number of each
 * lower twin that is its *like* up to there: see {@link Twins}.
 *
 * Adding an event is O(touches × events that do not come before the one before it of its task),
 * asking for the order of two O(1).
 */
export class RunOrder {
  readonly events: Event[] = [];
  readonly #twins: Twins;
  /** For each event: its number among those of its task, from 1. */
  readonly #numbers: number[] = [];
  readonly #clocks: Int32Array[] = [];
  /** For each task: where its events are. */
  readonly #ofTask: number[][] = [];
  /** For each event: the one before it of its task, or that made its task; -1 if there is none. */
  readonly #before: number[] = [];
  /** The first event that comes after the last barrier. */
  readonly #sinceBarrier: number[] = [];
  /** With twins: the clocks without what comes of their being twins. */
  readonly #plain: Int32Array[] = [];
  /** With twins: the lower twins of its task that are its like, this event included. */
  readonly #alike: (readonly TaskId[])[] = [];
  /** With twins: the events that did something else than a like one's of a twin. */
  readonly #unlike: boolean[] = [];

  constructor(twins: Twins = NO_TWINS) {
    this.#twins = twins;
  }

  /** Forgets all events from this one on. */
  truncate(length: number): void {
    this.events.length = length;
    this.#numbers.length = length;
    this.#clocks.length = length;
    this.#before.length = length;
    this.#sinceBarrier.length = length;
    for (const own of this.#ofTask) {
      while ((own.at(-1) ?? -1) >= length) own.pop();
    }
    if (this.#twins.areNone) return;
    this.#plain.length = length;
    this.#alike.length = length;
    this.#unlike.length = length;
  }

  /** Adds an event. */
  add(event: Event): void {
    const at = this.events.length;
    const before = this.lastOf(event.task);
    const since = event.isBarrier ? at : (this.#sinceBarrier[at - 1] ?? 0);
    const clock = this.#clockOf(this.#clocks, event, before, since);
    for (const twin of this.twinsBefore(event.task, before)) this.#join(this.#clocks, clock, twin);
    const isFirst = before < 0 || this.events[before]?.task !== event.task;
    const number = isFirst ? 1 : (this.#numbers[before] ?? 0) + 1;
    clock[event.task] = number;
    this.events.push(event);
    this.#numbers.push(number);
    this.#clocks.push(clock);
    this.#before.push(before);
    this.#sinceBarrier.push(since);
    while (this.#ofTask.length <= event.task) this.#ofTask.push([]);
    this.#ofTask[event.task]?.push(at);
    if (!this.#twins.areNone) this.#addLikes(event, before, since, number);
  }

  /**
   * The events that the next one of a task comes right after because twins are its like so far; -1
   * among them for one that has not been run, and has to be before.
   *
   * @param before The event before it of its task: see {@link lastOf}.
   */
  twinsBefore(task: TaskId, before: number): readonly number[] {
    const alike = this.#alikeBefore(task, before);
    if (alike.length === 0) return NONE;
    const number = before < 0 ? 1 : (this.#numbers[before] ?? 0) + 1;
    return alike.map((twin) => this.#numbered(twin, number));
  }

  /** The lower twins that a task has to let go first, as they are its like so far. */
  twinsAwaited(task: TaskId): readonly TaskId[] {
    if (this.#twins.lowerOf(task).length === 0) return NONE;
    const before = this.lastOf(task);
    const events = this.twinsBefore(task, before);
    return this.#alikeBefore(task, before).filter((_, i) => events[i] === -1);
  }

  /** Whether an event did something else than a twin's, though they were each other's like. */
  isUnlike(at: number): boolean {
    return this.#unlike[at] === true;
  }

  /** Whether the order is the same with two tasks exchanged. O(events² of a task). */
  isSameExchanged(one: TaskId, other: TaskId): boolean {
    for (const [at, { task }] of this.events.entries()) {
      const image = task === one ? other : task === other ? one : task;
      const there = this.#numbered(image, this.#numbers[at] ?? 0);
      if (there < 0 || !this.#doMirror(this.#clocks, at, there, one, other)) return false;
      if (image !== task && !this.#areTheSame(at, there)) return false;
    }
    return true;
  }

  /**
   * The last event of a task, or the one that made the task; -1 if there is neither. O(1), but
   * O(events) for a task that has none.
   */
  lastOf(task: TaskId): number {
    const last = this.#ofTask[task]?.at(-1);
    if (last !== undefined) return last;
    return this.events.findLastIndex(({ made }) => made.includes(task));
  }

  /** The event before one of the same task, or that made the task; -1 if there is neither. */
  beforeOf(at: number): number {
    return this.#before[at] ?? -1;
  }

  /** The first event after the last barrier before an event, or before what is still to come. */
  sinceBarrier(at: number): number {
    return this.#sinceBarrier[Math.min(at, this.events.length - 1)] ?? 0;
  }

  /** Whether one event is another or comes before it. */
  isBefore(first: number, second: number): boolean {
    if (first < 0 || second < first) return false;
    const clock = this.#clocks[second];
    return clock !== undefined && this.#covers(clock, first);
  }

  /**
   * The events of other tasks, from one on and before another, that do not come before `before`:
   * the latest first. What comes before nothing, -1, is after none.
   */
  unordered(task: number, before: number, from: number, end: number): number[] {
    const found: number[] = [];
    const clock = this.#clocks[before];
    for (const [other, own] of this.#ofTask.entries()) {
      if (other === task) continue;
      for (let i = clock?.[other] ?? 0; i < own.length; i++) {
        const at = own[i] ?? 0;
        if (at >= end) break;
        if (at >= from) found.push(at);
      }
    }
    return found.toSorted((a, b) => b - a);
  }

  /** How many events of a task come before an event; itself counts for its own task. */
  countBefore(at: number, task: number): number {
    return this.#clocks[at]?.[task] ?? 0;
  }

  /**
   * Whether an earlier event comes right before an event that is about to be added.
   *
   * @param before The event before it of its task: see {@link lastOf}.
   */
  mustPrecede(at: number, event: Event, before: number): boolean {
    const earlier = this.events[at];
    if (earlier === undefined) return false;
    return areDependent(earlier, event) || (at > before && earlier.letsGo.includes(event.task));
  }

  #covers(clock: Int32Array, at: number): boolean {
    const event = this.events[at];
    return event !== undefined && (clock[event.task] ?? 0) >= (this.#numbers[at] ?? 0);
  }

  /** All that comes before an event, but for what comes of twins. */
  #clockOf(clocks: readonly Int32Array[], event: Event, before: number, since: number): Int32Array {
    const at = this.events.length;
    const clock = new Int32Array(Math.max(clocks[at - 1]?.length ?? 0, event.task + 1));
    if (before >= 0) this.#join(clocks, clock, before);
    for (const own of this.#ofTask) {
      for (let i = own.length - 1; i >= 0; i--) {
        const other = own[i] ?? 0;
        // Those before it of its task come before it.
        if (this.#covers(clock, other)) break;
        const isBefore = other < since || this.mustPrecede(other, event, before);
        if (isBefore) this.#join(clocks, clock, other);
      }
    }
    return clock;
  }

  #join(clocks: readonly Int32Array[], clock: Int32Array, at: number): void {
    const other = clocks[at];
    if (other === undefined) return;
    for (let task = 0; task < other.length && task < clock.length; task++) {
      const theirs = other[task] ?? 0;
      if (theirs > (clock[task] ?? 0)) clock[task] = theirs;
    }
  }

  /** Notes which twins are still the like of a task after the event that was added last. */
  #addLikes(event: Event, before: number, since: number, number: number): void {
    const at = this.events.length - 1;
    this.events.length = at;
    const plain = this.#clockOf(this.#plain, event, before, since);
    this.events.push(event);
    plain[event.task] = number;
    this.#plain.push(plain);
    const alike: TaskId[] = [];
    let isUnlike = false;
    for (const twin of this.#alikeBefore(event.task, before)) {
      const its = this.#numbered(twin, number);
      if (its < 0 || !this.#doMirror(this.#plain, at, its, event.task, twin)) continue;
      if (this.#areTheSame(at, its)) alike.push(twin);
      else isUnlike ||= areSameDraws(event.draws, this.events[its]?.draws ?? NONE);
    }
    this.#alike.push(alike);
    this.#unlike.push(isUnlike);
  }

  #alikeBefore(task: TaskId, before: number): readonly TaskId[] {
    if (this.#twins.areNone) return NONE;
    if (before < 0) return this.#twins.lowerOf(task);
    // A task that another one has made is nobody's twin.
    return this.events[before]?.task === task ? (this.#alike[before] ?? NONE) : NONE;
  }

  /** The event of this number among those of a task; -1 if there is none. O(1). */
  #numbered(task: TaskId, number: number): number {
    return this.#ofTask[task]?.[number - 1] ?? -1;
  }

  /** Whether the same comes before one event as before another, with two tasks exchanged. */
  #doMirror(
    clocks: readonly Int32Array[],
    at: number,
    there: number,
    one: TaskId,
    other: TaskId,
  ): boolean {
    const [clock, mirrored] = [clocks[at], clocks[there]];
    if (clock === undefined || mirrored === undefined) return false;
    for (let task = 0; task < Math.max(clock.length, mirrored.length); task++) {
      const image = task === one ? other : task === other ? one : task;
      if ((clock[task] ?? 0) !== (mirrored[image] ?? 0)) return false;
    }
    return true;
  }

  #areTheSame(at: number, there: number): boolean {
    const [event, other] = [this.events[at], this.events[there]];
    if (event === undefined || other === undefined) return false;
    return areSameTouches(event.touches, other.touches) && areSameDraws(event.draws, other.draws);
  }
}
