import { inNextTurn, startTimer, stopTimer, TIMER_MS_MAX } from "../task/driver-real-time.ts";
import { type Fact, type Host, Step, type TaskId } from "../task/index.ts";

/** Node's timers count whole milliseconds. */
const TIMER_MS = 1;

/**
 * A sleep in real time, never shorter than asked for.
 *
 * A timer of Node's counts whole milliseconds from a clock that may lag, so it serves for the whole
 * part of the wait; the rest, under a millisecond, is waited out turn by turn, which keeps a window
 * of 2 ms from becoming one of 3. The sleep of a background task rounds up instead, and does not
 * keep the process alive.
 */
export class TimerStep extends Step {
  override readonly dueAtMs: number;
  readonly #host: Host;
  readonly #isBackground: (task: TaskId) => boolean;
  #turns = 0;
  #isCut = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(host: Host, durationMs: number, isBackground: (task: TaskId) => boolean) {
    super();
    this.#host = host;
    this.#isBackground = isBackground;
    this.dueAtMs = host.nowMs() + durationMs;
  }

  /** Ends the sleep now, for the task that waits on it or will. */
  cut(): void {
    this.#isCut = true;
    if (this.#timer !== null) stopTimer(this.#timer);
    this.#host.wake(this, true);
  }

  override isEnabled(): boolean {
    // Even a sleep of no time lets all other tasks go first.
    return this.#isCut || (this.#turns > 0 && this.#host.nowMs() >= this.dueAtMs);
  }

  override take(): boolean {
    return true;
  }

  override fact(): Fact {
    return { kind: "sleep", durationMs: null };
  }

  override park(task: TaskId): void {
    // A longer sleep is one of several timers: when one rings too early, this is called again.
    const restMs = Math.min(TIMER_MS_MAX, this.dueAtMs - this.#host.nowMs());
    if (this.#isBackground(task)) {
      this.#timer = startTimer(this.#rung, Math.max(TIMER_MS, Math.ceil(restMs)));
      this.#timer.unref();
    } else if (restMs >= TIMER_MS) {
      this.#timer = startTimer(this.#rung, Math.floor(restMs));
    } else {
      inNextTurn(this.#rung);
    }
  }

  readonly #rung = (): void => {
    this.#turns++;
    this.#host.wake(this);
  };
}
