import { realNowMs, startTimer, stopTimer } from "../task/driver-real-time.ts";
import type { ServerLimits } from "./limits.ts";
import { type Problem, tooMuch } from "./problem.ts";

/** How often the event loop is asked how late it is. */
const LOOK_MS = 50;

/**
 * How much is under way: requests, bytes of bodies, and how late the event loop is.
 *
 * Whatever enters leaves, once; what is refused has not entered.
 */
export class Load {
  readonly #limits: Required<ServerLimits>;
  #inFlight = 0;
  #scans = 0;
  #bytes = 0;
  #lateMs = 0;
  #latestMs = 0;
  #dueMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #whenIdle: (() => void) | null = null;

  constructor(limits: Required<ServerLimits>) {
    this.#limits = limits;
  }

  /** Requests that were taken on and are not answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get scans(): number {
    return this.#scans;
  }

  /** Bytes of bodies of requests in flight. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How late the event loop was when it was last asked. */
  get lateMs(): number {
    return this.#lateMs;
  }

  /** The latest that it was since it was asked for this the last time. */
  takeLatestMs(): number {
    const latest = this.#latestMs;
    this.#latestMs = this.#lateMs;
    return latest;
  }

  /** Takes a request on, or says why not. */
  enter(): Problem | null {
    if (this.#inFlight >= this.#limits.inFlight) {
      return tooMuch("TOO_MANY_REQUESTS", `${this.#inFlight} requests are under way`);
    }
    if (this.#lateMs > this.#limits.loopDelayMs) {
      return tooMuch("OVERLOADED", `the server is ${Math.round(this.#lateMs)} ms late`);
    }
    this.#inFlight++;
    return null;
  }

  leave(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#whenIdle?.();
  }

  enterScan(): Problem | null {
    if (this.#scans >= this.#limits.scans) {
      return tooMuch("TOO_MANY_SCANS", `${this.#scans} scans are under way`);
    }
    this.#scans++;
    return null;
  }

  leaveScan(): void {
    this.#scans--;
  }

  /** Takes on so many more bytes of a body, or says why not. */
  hold(bytes: number): Problem | null {
    if (this.#bytes + bytes > this.#limits.inFlightBytes) {
      return tooMuch("TOO_MANY_BYTES", `${this.#bytes} bytes of bodies are under way`);
    }
    this.#bytes += bytes;
    return null;
  }

  letGo(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** A promise that is kept once nothing is in flight. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** Begins to ask the event loop how late it is. */
  watchLoop(): void {
    this.#dueMs = realNowMs() + LOOK_MS;
    this.#timer = startTimer(this.#look, LOOK_MS);
    this.#timer.unref();
  }

  unwatchLoop(): void {
    if (this.#timer !== null) stopTimer(this.#timer);
    this.#timer = null;
  }

  readonly #look = (): void => {
    this.#lateMs = Math.max(0, realNowMs() - this.#dueMs);
    this.#latestMs = Math.max(this.#latestMs, this.#lateMs);
    this.watchLoop();
  };
}
