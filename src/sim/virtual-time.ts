import type { SimTask } from "./sim-task.ts";

/** The time of a run: it stands still while any task can go on, and then jumps. */
export class VirtualTime {
  nowMs = 0;

  /** Starts a new run. */
  reset(): void {
    this.nowMs = 0;
  }

  /** Jumps to the moment at which the first waiting step is due; false if there is none. */
  advance(tasks: readonly SimTask[]): boolean {
    let next = Number.POSITIVE_INFINITY;
    for (const { step } of tasks) {
      // What was due before and is disabled all the same waits for something else than time.
      if (step !== null && step.dueAtMs > this.nowMs && step.dueAtMs < next) next = step.dueAtMs;
    }
    if (next === Number.POSITIVE_INFINITY) return false;
    this.nowMs = next;
    return true;
  }
}
