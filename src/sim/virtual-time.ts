import type { Step } from "../task/index.ts";
import type { SimTask } from "./sim-task.ts";

/** What time passes for. */
export interface Timed {
  readonly tasks: readonly SimTask[];
  /** A step that was to be woken at this moment is. */
  wake(step: Step): void;
}

/** The time of a run: it stands still while any task can go on, and then jumps. */
export class VirtualTime {
  nowMs = 0;
  /** Who is to be woken later, and when. */
  #alarms: { readonly step: Step; readonly atMs: number }[] = [];

  /** Starts a new run. */
  reset(): void {
    this.nowMs = 0;
    if (this.#alarms.length > 0) this.#alarms = [];
  }

  /** Has a step woken when time has come to a moment. */
  wakeAt(step: Step, atMs: number): void {
    this.#alarms.push({ step, atMs });
  }

  /** Jumps to the moment at which the first waiting step is due; false if there is none. */
  advance(run: Timed): boolean {
    let next = Number.POSITIVE_INFINITY;
    for (const { step } of run.tasks) {
      // What was due before and is disabled all the same waits for something else than time.
      if (step !== null && step.dueAtMs > this.nowMs && step.dueAtMs < next) next = step.dueAtMs;
    }
    if (next === Number.POSITIVE_INFINITY) return false;
    this.nowMs = next;
    if (this.#alarms.length > 0) this.#ring(run);
    return true;
  }

  #ring(run: Timed): void {
    const due = this.#alarms.filter(({ atMs }) => atMs <= this.nowMs);
    this.#alarms = this.#alarms.filter(({ atMs }) => atMs > this.nowMs);
    for (const { step } of due) run.wake(step);
  }
}
