import type { Film } from "./film.ts";

/**
 * Whether it is a preemption if a task takes its step at a stop: the task that took the last one
 * could go on. A crash takes over from nobody.
 */
export function isPreempting(
  { stops, tasks }: Pick<Film, "stops" | "tasks">,
  stop: number,
  task: number,
): boolean {
  const here = stops[stop];
  const before = here?.deed?.task;
  if (here === undefined || before === undefined || before === task) return false;
  return here.choices.includes(before) && tasks[task]?.role !== "crash";
}
