import { awaitedInVain } from "./blocks/awaited.js";
import { codePlacesOf } from "./code-places.js";
import { stackOf } from "./failure.js";
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
export function failAwaited(scheduler, what, place) {
    const task = scheduler.lastActor;
    const error = awaitedInVain(what);
    const message = task === null ? error.message : inTask(task.source.name, what);
    const places = codePlacesOf(place);
    const id = task?.id ?? null;
    const stack = stackOf(places);
    scheduler.fail({ kind: "escape", message, task: id, stack, places });
    if (task === null)
        throw error;
}
function inTask(name, what) {
    const advice = "write await t.run(...) around the step";
    return `escape: ${name} awaits a step without t, which does not take it (${what}); ${advice}`;
}
