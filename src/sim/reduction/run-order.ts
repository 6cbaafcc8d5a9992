import type { TaskId } from "../../task/index.ts";
import { areDependent, type Event } from "./event.ts";

/**
 * The happens-before order of a run whose events are added one by one.
 *
 * An event comes after the one before it of its task, after the one that made its task, after those
 * that let it go on, after whatever is dependent and was earlier, and after everything that is
 * before a barrier. Each has a vector clock: of each task, how many of its events come before.
 *
 * Adding an event is O(events × touches), asking for the order of two O(1).
 */
export class RunOrder {
  readonly events: Event[] = [];
  /** For each event: its number among those of its task, from 1. */
  readonly #numbers: number[] = [];
  readonly #clocks: Int32Array[] = [];
  /** For each event: the one before it of its task, or that made its task; -1 if there is none. */
  readonly #before: number[] = [];
  /** The first event that comes after the last barrier. */
  readonly #sinceBarrier: number[] = [];

  /** Forgets all events from this one on. */
  truncate(length: number): void {
    this.events.length = length;
    this.#numbers.length = length;
    this.#clocks.length = length;
    this.#before.length = length;
    this.#sinceBarrier.length = length;
  }

  /** Adds an event. */
  add(event: Event): void {
    const at = this.events.length;
    const before = this.lastOf(event.task);
    const since = event.isBarrier ? at : (this.#sinceBarrier[at - 1] ?? 0);
    const clock = new Int32Array(Math.max(this.#clocks[at - 1]?.length ?? 0, event.task + 1));
    if (before >= 0) this.#join(clock, before);
    for (let i = since - 1; i >= 0; i--) if (!this.#covers(clock, i)) this.#join(clock, i);
    for (let i = at - 1; i >= since; i--) {
      if (this.#covers(clock, i)) continue;
      if (this.mustPrecede(i, event, before)) this.#join(clock, i);
    }
    const isFirst = before < 0 || this.events[before]?.task !== event.task;
    const number = isFirst ? 1 : (this.#numbers[before] ?? 0) + 1;
    clock[event.task] = number;
    this.events.push(event);
    this.#numbers.push(number);
    this.#clocks.push(clock);
    this.#before.push(before);
    this.#sinceBarrier.push(since);
  }

  /**
   * The last event of a task, or the one that made the task; -1 if there is neither. O(events).
   */
  lastOf(task: TaskId): number {
    for (let i = this.events.length - 1; i >= 0; i--) if (this.events[i]?.task === task) return i;
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

  #join(clock: Int32Array, at: number): void {
    const other = this.#clocks[at];
    if (other === undefined) return;
    for (let task = 0; task < other.length && task < clock.length; task++) {
      const theirs = other[task] ?? 0;
      if (theirs > (clock[task] ?? 0)) clock[task] = theirs;
    }
  }
}
