import { type Clock, inWords, LatchworkError } from "../../task/index.ts";
import { AskedStep } from "./asked-step.ts";

/** A wait for virtual time: enabled once the clock has come to its moment. */
export class SleepStep extends AskedStep {
  readonly #clock: Clock;

  /** @throws LatchworkError BAD_ARGUMENT if the duration is no number. */
  constructor(clock: Clock, durationMs: number) {
    super();
    if (typeof durationMs !== "number" || Number.isNaN(durationMs)) {
      const message = `sleep: expected milliseconds, found ${inWords(durationMs)}`;
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    this.#clock = clock;
    this.dueAtMs = clock.nowMs() + durationMs;
    this.label = `sleep ${durationMs} ms`;
  }

  override isEnabled(): boolean {
    return this.#clock.nowMs() >= this.dueAtMs;
  }

  override take(): boolean {
    return true;
  }
}
