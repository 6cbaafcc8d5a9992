import { awaitedInVain } from "./blocks/awaited.ts";
import { codePlacesOf } from "./code-places.ts";
import { stackOf } from "./failure.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * Fails a run in which a step is awaited by itself.
 *
 * A task's promise then never settles, so that no `catch` passes over what happened. That of a
 * final check does, for somebody waits for the check.
 *
 * @param what The step, as `read x`.
 * @param place Made where it is awaited.
 * @throws InvariantViolation `escape` if no task is running.
 */
export function failAwaited(scheduler: Scheduler, what: string, place: Error): void {
  const task = scheduler.lastActor;
  const error = awaitedInVain(what);
  const message = task === null ? error.message : inTask(task.source.name, what);
  const places = codePlacesOf(place);
  const id = task?.id ?? null;
  const stack = stackOf(places);
  scheduler.fail({ kind: "escape", message, task: id, stack, places });
  if (task === null) throw error;
}

function inTask(name: string, what: string): string {
  const advice = "write await t.run(...) around the step";
  return `escape: ${name} awaits a step without t, which does not take it (${what}); ${advice}`;
}
