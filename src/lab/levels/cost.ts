import { type Film, isPreempting } from "../film/index.ts";
import type { Cost } from "./level.ts";

/** What a run cost up to a stop. */
export function costTo(film: Film, stop: number): Cost {
  let preemptions = 0;
  for (let at = 1; at <= stop; at++) {
    const task = film.stops[at]?.deed?.task;
    if (task !== undefined && isPreempting(film, at - 1, task)) preemptions++;
  }
  return { preemptions, steps: stop };
}

/** Negative if `a` is the better one. */
export function compareCosts(a: Cost, b: Cost): number {
  return a.preemptions - b.preemptions || a.steps - b.steps;
}
