import type { Clock } from "../../task/index.ts";
import { AskedStep } from "./asked-step.ts";

/** A wait for virtual time: enabled once the clock has come to its moment. */
export class SleepStep extends AskedStep {
  readonly #clock: Clock;

  constructor(clock: Clock, durationMs: number) {
    super();
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
