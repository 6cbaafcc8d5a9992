import type { TaskId } from "../../task/index.ts";
import type { Action, Draw, Event } from "./event.ts";
import { isAsleepBelow, type Sleeper } from "./sleep.ts";
import type { Branch, Origin } from "./wakeup-tree.ts";

/**
 * One event on the path of the search: what could be run there, what sleeps, what is planned, and
 * what is being run.
 */
export interface Node {
  /** The tasks that could go on. */
  readonly enabled: readonly TaskId[];
  /** What has been explored from here or need not be. */
  sleepers: readonly Sleeper[];
  /** What is to be run from here later. */
  planned: Branch[];
  /** The task that is run now, or null before it is chosen. */
  task: TaskId;
  /** What it must do, if that is known from where it was run before. */
  expected: Action | null;
  /** The race for which it is run, if it is the later event. */
  origin: Origin | null;
  /** The values it must draw; null if it is free, and all are tried in turn. */
  prescribed: readonly Draw[] | null;
  /** The values that it draws in this run. */
  draws: Draw[];
  /** What it did; null before it has run. */
  event: Event | null;
  /** What is planned after it. */
  after: Branch[];
  /** Whether a run that went through what is run now has come to its end. */
  hasRun: boolean;
  /** Sequences that turned out to be impossible from here. */
  impossible: readonly string[];
}

/** A node that is to run a task. */
export function newNode(
  enabled: readonly TaskId[],
  sleepers: readonly Sleeper[],
  planned: Branch[],
  task: TaskId,
): Node {
  return {
    enabled,
    sleepers,
    planned,
    task,
    expected: null,
    origin: null,
    prescribed: null,
    draws: [],
    event: null,
    after: [],
    hasRun: false,
    impossible: [],
  };
}

/** Makes the first of what is planned what is run; false if nothing is. */
export function takePlanned(node: Node): boolean {
  const next = node.planned.shift();
  if (next === undefined) return false;
  node.task = next.task;
  node.prescribed = next.draws;
  node.expected = next.draws === null ? null : next.action;
  node.origin = next.origin;
  node.draws = [];
  node.event = null;
  node.after = next.isOpen ? [] : next.branches;
  node.hasRun = false;
  return true;
}

/**
 * Goes on to the next values that a free event can draw, where what draws them first is awake.
 *
 * @returns false if all have been tried.
 */
export function takeNextDraws(node: Node): boolean {
  if (node.prescribed !== null) return false;
  while (node.draws.length > 0) {
    const last = node.draws.pop();
    if (last === undefined) break;
    const value = firstAwake(node, last.count, last.value + 1);
    if (value === null) continue;
    node.origin = null;
    node.draws.push({ value, count: last.count });
    node.event = null;
    node.after = [];
    node.hasRun = false;
    return true;
  }
  return false;
}

/** The first value, from one on, that does not lead to what sleeps; null if all others do. */
export function firstAwake(node: Node, count: number, from: number): number | null {
  const drawn = node.draws.map(({ value }) => value);
  const sleeper = node.sleepers.find(({ task }) => task === node.task);
  for (let value = from; value < count; value++) {
    if (sleeper === undefined || !isAsleepBelow(sleeper, [...drawn, value])) return value;
  }
  return null;
}
