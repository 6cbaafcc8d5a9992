/** How long requests take, in milliseconds of virtual time; all 0 by default. */
export interface Latency {
  readonly readMs?: number;
  readonly writeMs?: number;
  readonly syncMs?: number;
}

/** Whether requests are served side by side, or one at a time in the order they are made. */
export type Queue = "parallel" | "serial";

/** What kind of request it is, as far as time goes; looking at names and sizes takes none. */
export type Work = "read" | "write" | "sync" | "none";

/** When requests are served. */
export class Device {
  readonly #latency: Latency;
  readonly #queue: Queue;
  #freeAtMs = 0;

  constructor(latency: Latency, queue: Queue) {
    this.#latency = latency;
    this.#queue = queue;
  }

  /** Whether requests wait for those made before. */
  get isSerial(): boolean {
    return this.#queue === "serial";
  }

  /** Nothing is being served. */
  reset(): void {
    this.#freeAtMs = 0;
  }

  /** When a request made now is ready; 0 if at once. */
  readyAtMs(work: Work, nowMs: number, delayMs: number): number {
    const takesMs = this.#takesMs(work) + delayMs;
    if (this.#queue === "parallel") return takesMs === 0 ? 0 : nowMs + takesMs;
    const readyAtMs = Math.max(nowMs, this.#freeAtMs) + takesMs;
    this.#freeAtMs = readyAtMs;
    return readyAtMs === nowMs ? 0 : readyAtMs;
  }

  #takesMs(work: Work): number {
    const { readMs = 0, writeMs = 0, syncMs = 0 } = this.#latency;
    switch (work) {
      case "read":
        return readMs;
      case "write":
        return writeMs;
      case "sync":
        return syncMs;
      case "none":
        return 0;
    }
  }
}
