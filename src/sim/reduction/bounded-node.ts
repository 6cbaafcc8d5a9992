import type { TaskId } from "../../task/index.ts";
import { areDependent, type Draw, type Event } from "./event.ts";
import { Seen } from "./seen.ts";

/** A task whose next event has been explored from here or from before, with all below it. */
export interface Dozer {
  readonly event: Event;
  /** What was touched below it. */
  readonly seen: Seen;
}

/** One event on the path of a bounded search. */
export interface BoundedNode {
  /** The tasks that can go on, in the order in which they are tried: who went on last, first. */
  readonly enabled: readonly TaskId[];
  /** Who went on last, if it can go on; else -1. To go on with another one is a preemption. */
  readonly current: TaskId | -1;
  readonly crash: TaskId | -1;
  /** Preemptions before. */
  readonly used: number;
  dozers: readonly Dozer[];
  /** The task that is run now, by its place among the enabled ones. */
  at: number;
  draws: Draw[];
  event: Event | null;
  /** Whether the task could go on after it. */
  canGoOn: boolean;
  /** What was touched below what is run now. */
  below: Seen;
  /** What was touched below all that has been run from here, or need not be. */
  readonly seen: Seen;
}

/** A node that runs none of its tasks yet. */
export function boundedNode(
  enabled: readonly TaskId[],
  place: { readonly current: TaskId | -1; readonly crash: TaskId | -1; readonly used: number },
  dozers: readonly Dozer[],
): BoundedNode {
  const rank = (task: TaskId): number => {
    if (task === place.current) return 0;
    return task === place.crash ? 2 : 1;
  };
  const seen = new Seen();
  // What is left out since it sleeps has been run elsewhere; what was touched there counts here.
  for (const { event, seen: below } of dozers) if (enabled.includes(event.task)) seen.addAll(below);
  return {
    enabled: enabled.toSorted((a, b) => rank(a) - rank(b) || a - b),
    ...place,
    dozers,
    at: -1,
    draws: [],
    event: null,
    canGoOn: false,
    below: new Seen(),
    seen,
  };
}

/** The task that a node runs. */
export function taskOf({ enabled, at }: BoundedNode): TaskId | undefined {
  return enabled[at];
}

/** Preemptions that a task costs where a node is: 0 or 1. */
export function costOf({ current, crash }: BoundedNode, task: TaskId): number {
  return current >= 0 && task !== current && task !== crash ? 1 : 0;
}

/** Goes on to the next task that is awake and within the bound; false if there is none. */
export function takeNextTask(node: BoundedNode, preemptionsMax: number): boolean {
  for (node.at++; node.at < node.enabled.length; node.at++) {
    const task = taskOf(node);
    if (task === undefined) break;
    if (node.used + costOf(node, task) > preemptionsMax) continue;
    if (node.dozers.some(({ event }) => event.task === task)) continue;
    node.draws = [];
    node.event = null;
    node.canGoOn = false;
    node.below = new Seen();
    return true;
  }
  return false;
}

/** Goes on to the next values that the event can draw; false if all have been tried. */
export function takeNextValues(node: BoundedNode): boolean {
  for (;;) {
    const last = node.draws.pop();
    if (last === undefined) return false;
    if (last.value + 1 === last.count) continue;
    node.draws.push({ value: last.value + 1, count: last.count });
    node.event = null;
    node.canGoOn = false;
    return true;
  }
}

/** Who still dozes after an event of another task. */
export function stillDozing(dozers: readonly Dozer[], event: Event): readonly Dozer[] {
  return dozers.filter(({ event: theirs }) => !areDependent(theirs, event));
}
