import type { Film } from "../film/index.ts";
import type { Cost } from "./level.ts";

/**
 * What a run cost up to a stop. A preemption is a switch away from a task that could go on; a
 * crash is none.
 */
export function costTo(film: Film, stop: number): Cost {
  let preemptions = 0;
  for (let at = 2; at <= stop; at++) if (isPreempted(film, at)) preemptions++;
  return { preemptions, steps: stop };
}

/** Negative if `a` is the better one. */
export function compareCosts(a: Cost, b: Cost): number {
  return a.preemptions - b.preemptions || a.steps - b.steps;
}

function isPreempted({ stops, tasks }: Film, at: number): boolean {
  const before = stops[at - 1]?.deed?.task;
  const now = stops[at]?.deed?.task;
  if (before === undefined || now === undefined || before === now) return false;
  const couldGoOn = stops[at - 1]?.choices.includes(before) === true;
  return couldGoOn && tasks[now]?.role !== "crash";
}
