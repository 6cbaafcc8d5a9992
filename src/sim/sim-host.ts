import type { Host, Step } from "../task/index.ts";
import { SleepStep } from "./blocks/sleep.ts";
import type { Scheduler } from "./scheduler.ts";

/** The simulator as the engine's host: virtual time, and a check that whoever waits is woken. */
export class SimHost implements Host {
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  nowMs(): number {
    return this.#scheduler.nowMs();
  }

  newObject(): number {
    return this.#scheduler.newObject();
  }

  sleep(durationMs: number): Step {
    return new SleepStep(this.#scheduler, durationMs);
  }

  /** Never: who goes on is decided at other steps, and one more changes nothing that they see. */
  pauseIfDue(): null {
    return null;
  }

  wake(step: Step): void {
    this.#scheduler.wake(step);
  }
}
