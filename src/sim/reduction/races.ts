import type { TaskId } from "../../task/index.ts";
import type { Touch } from "../segment.ts";
import { type Action, areDependent, doesMeet, endsFor, type Event, maskOf } from "./event.ts";
import { Reversal } from "./reversal.ts";
import type { RunOrder } from "./run-order.ts";

/** Two events of a run that could come in the other order. */
export interface Race {
  /** Where in the run the first one is. */
  readonly first: number;
  /** Where the second one is; the run's length for one that was still to come when it ended. */
  readonly second: number;
  readonly task: TaskId;
}

/** What a task was about to do when a run ended, as an event that is not in it. */
export interface Unrun {
  readonly task: TaskId;
  readonly asked: Touch | null;
  readonly isCrash: boolean;
}

/** Which tasks could go on before each event of a run. */
export type EnabledAt = (at: number, task: TaskId) => boolean;

/**
 * Finds the races of a run that could be reversed.
 *
 * The later event of a race must have been possible before the first one. For one that waits for a
 * latch, that is so before the latch was taken, and not before it was released; so the candidates
 * are looked at from the last one back, until one is found before which the task could go on. Where
 * that is not known, as for a task that came to its step only later, it is assumed.
 *
 * A race with something that must come before another race's first event is left out: it is found
 * in the run in which that race is reversed.
 */
export function racesOf(order: RunOrder, enabledAt: EnabledAt, unrun: readonly Unrun[]): Race[] {
  const races: Race[] = [];
  const { events } = order;
  events.forEach((event, at) => {
    const before = order.beforeOf(at);
    collect(order, enabledAt, { event, at, before, asked: event.asked }, races);
  });
  for (const one of unrun) {
    const before = order.lastOf(one.task);
    const event = pendingEvent(one);
    collect(order, enabledAt, { event, at: events.length, before, asked: one.asked }, races);
  }
  return races;
}

interface Later {
  readonly event: Event;
  readonly at: number;
  /** The event before it of its task, or that made the task. */
  readonly before: number;
  readonly asked: Touch | null;
}

function collect(order: RunOrder, enabledAt: EnabledAt, later: Later, into: Race[]): void {
  const { event, at, before } = later;
  const found: number[] = [];
  const twins = order.twinsBefore(event.task, before);
  if (twins.includes(-1)) return;
  const since = order.sinceBarrier(at);
  // What time has enabled was not possible before it passed, and that is when nobody could go on.
  const isByTime = !event.isCrash && before < since && enabledAt(since, event.task);
  for (const first of order.unordered(event.task, before, isByTime ? since : 0, at)) {
    const earlier = order.events[first];
    if (earlier === undefined || !areDependent(earlier, event)) continue;
    if (found.some((race) => order.isBefore(first, race))) continue;
    if (twins.some((twin) => order.isBefore(first, twin))) continue;
    const could = couldGoOn(order, enabledAt, later, first);
    if (could === false) continue;
    into.push({ first, second: at, task: event.task });
    if (could === true) found.push(first);
  }
}

/** Whether the later event was possible before the first one; null if that is not known. */
function couldGoOn(
  order: RunOrder,
  enabledAt: EnabledAt,
  later: Later,
  first: number,
): boolean | null {
  const { event, before } = later;
  const earlier = order.events[first];
  if (earlier === undefined || event.joined.includes(earlier.task)) return false;
  if (before < first) {
    if (enabledAt(first, event.task)) return true;
    if (!isLetGoBetween(order, later, first) || opensFor(earlier, later)) return false;
    return null;
  }
  return couldTake(earlier, later);
}

/** Whether something lets a task go on that comes after an event only in this run. */
function isLetGoBetween(order: RunOrder, { event, at }: Later, first: number): boolean {
  for (let i = first + 1; i < at; i++) {
    if (order.events[i]?.letsGo.includes(event.task) && !order.isBefore(first, i)) return true;
  }
  return false;
}

/** Whether an event gave back what the later one asks for. */
function opensFor({ opened }: Event, { asked }: Later): boolean {
  return asked !== null && opened.includes(asked.objectId);
}

/** Whether what the later event asks for could be had before the first one, as far as known. */
function couldTake(earlier: Event, later: Later): boolean | null {
  const { event, asked } = later;
  if (asked === null || !event.waitsWhileHeld) return null;
  // It had it itself, and did not have to wait for anybody.
  const hasTaken = earlier.waitsWhileHeld && earlier.isTaken;
  if (hasTaken && earlier.asked?.objectId === asked.objectId) return null;
  return opensFor(earlier, later) ? false : null;
}

/** The event that goes first in a race's reversal; null if it is the last one. O(events). */
export function firstOfReversal(order: RunOrder, { first, second }: Race): Event | null {
  const { events } = order;
  for (let at = first + 1; at < events.length; at++) {
    if (at !== second && !order.isBefore(first, at)) return events[at] ?? null;
  }
  return null;
}

/**
 * What to run instead, from where the first event of a race was.
 *
 * O(events × touches).
 */
export function reversalOf(order: RunOrder, race: Race, unrun: readonly Unrun[]): Reversal {
  const { first, second, task } = race;
  const { events } = order;
  const kept: number[] = [];
  const removed: Event[] = [];
  for (let at = first; at < events.length; at++) {
    const event = events[at];
    if (event === undefined) continue;
    if (!order.isBefore(first, at)) {
      if (at !== second) kept.push(at);
    } else if (at < second) removed.push(event);
  }
  const ran = events[second];
  const event = ran ?? pendingOf(task, unrun);
  const before = ran === undefined ? order.lastOf(task) : order.beforeOf(second);
  const twins = order.twinsBefore(task, before);
  return new Reversal(order, kept, certainPart(event, removed), before, twins);
}

/**
 * What an event does for certain if some events before it are left out: all that it did up to the
 * first access that meets one of theirs. That access itself is as the step asks for it. But where
 * what it asks for meets none of theirs, as when a step that asked to read waits in line behind
 * somebody else, it is taken to do the same again: what is planned would otherwise look independent
 * of the first event of the race, which is what it was planned for.
 */
function certainPart(event: Event, removed: readonly Event[]): Action {
  const { task, touches, isCrash, asked } = event;
  const certain: Touch[] = [];
  for (const touch of touches) {
    const isAsked =
      touch.objectId === asked?.objectId &&
      certain.every(({ objectId }) => objectId !== touch.objectId);
    const isMet = removed.some((other) => doesMeet(touch, other));
    const isAskedMet = isAsked && removed.some((other) => doesMeet(asked, other));
    certain.push(isAskedMet ? asked : touch);
    if (!isMet) continue;
    // What the step asks for is decided before it does anything.
    if (asked !== null && !certain.some(({ objectId }) => objectId === asked.objectId)) {
      certain.push(asked);
    }
    return { task, touches: certain, mask: maskOf(certain), isCrash, isFatal: false, spared: [] };
  }
  const { mask, isFatal, spared } = event;
  // Whoever was cut short by a failure has shown no more than it asked for.
  const isCut = removed.some((other) => endsFor(other, event));
  return { task, touches: certain, mask, isCrash, isFatal: isFatal && !isCut, spared };
}

function pendingOf(task: TaskId, unrun: readonly Unrun[]): Event {
  const found = unrun.find((one) => one.task === task);
  return pendingEvent(found ?? { task, asked: null, isCrash: false });
}

function pendingEvent({ task, asked, isCrash }: Unrun): Event {
  const touches = asked === null ? [] : [asked];
  return {
    task,
    touches,
    mask: maskOf(touches),
    isCrash,
    isFatal: false,
    spared: [],
    draws: [],
    asked,
    waitsWhileHeld: false,
    isTaken: false,
    opened: [],
    joined: [],
    letsGo: [],
    isBarrier: false,
    made: [],
    stopped: [],
  };
}
