import { LatchGuard } from "../../latch/index.ts";
import type { Scheduler, SimTask } from "../../sim/index.ts";
import type { LatchFact } from "../../task/index.ts";

/**
 * Finds out which tasks wait for a latch without being in its queue: those that may ask only once
 * they can be granted, as at a barging latch, and those that a deadlock stopped before they asked.
 */
export class BlockedTasks {
  readonly #scheduler: Scheduler;
  /** By task, how many steps it had taken when it was last reported. */
  readonly #reportedAt = new Map<number, number>();

  /** Requires: the run has not begun. */
  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Blocked requests not reported yet: each once, until its task goes on. O(tasks). */
  since(): LatchFact[] {
    const found: LatchFact[] = [];
    for (const task of this.#scheduler.tasks) {
      const guard = task.step;
      if (!(guard instanceof LatchGuard) || !this.#isBlocked(task, guard)) continue;
      if (this.#reportedAt.get(task.id) === task.stepsTaken) continue;
      this.#reportedAt.set(task.id, task.stepsTaken);
      found.push({ ...guard.fact(), kind: "latch-blocked" });
    }
    return found;
  }

  #isBlocked(task: SimTask, guard: LatchGuard): boolean {
    if (guard.state !== "wanted" || guard.canTake(task.id)) return false;
    if (!guard.isEnabled(task.id)) return true;
    // It could join the queue, but the run has ended.
    return this.#scheduler.failure?.cycle?.some((one) => one.task === task.id) ?? false;
  }
}
