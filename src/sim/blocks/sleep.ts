import { type Fact, inWords, LatchworkError } from "../../task/index.ts";
import type { Scheduler } from "../scheduler.ts";
import { AskedStep } from "./asked-step.ts";
import type { StepHome } from "./awaited.ts";

/** A wait for virtual time: enabled once the clock has come to its moment. */
export class SleepStep extends AskedStep {
  readonly #scheduler: Scheduler;
  readonly #home: StepHome | null;
  readonly #durationMs: number;

  /**
   * Less than nothing is nothing, as it is for a timer: a deadline in the past has passed.
   *
   * @throws LatchworkError BAD_ARGUMENT if the duration is no number.
   */
  constructor(scheduler: Scheduler, durationMs: number, home: StepHome | null = null) {
    super();
    if (typeof durationMs !== "number" || Number.isNaN(durationMs)) {
      const message = `sleep: expected milliseconds, found ${inWords(durationMs)}`;
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    this.#scheduler = scheduler;
    this.#home = home;
    this.dueAtMs = scheduler.timeMs + durationMs;
    this.#durationMs = durationMs;
  }

  override get home(): StepHome | null {
    return this.#home;
  }

  /** Ends the sleep now. Nobody has to be woken: the scheduler asks. */
  cut(): void {
    if (this.dueAtMs > this.#scheduler.timeMs) this.dueAtMs = this.#scheduler.timeMs;
  }

  override isEnabled(): boolean {
    return this.#scheduler.timeMs >= this.dueAtMs;
  }

  override take(): boolean {
    return true;
  }

  override fact(): Fact {
    return { kind: "sleep", durationMs: this.#durationMs };
  }
}
