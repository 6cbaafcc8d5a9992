import { realNowMs } from "../task/driver-real-time.ts";
import { Latencies, type LatencyFigures } from "./latencies.ts";
import type { HttpReply } from "./http-connection.ts";
import type { RequestKind } from "./mix.ts";
import { isServerError, type Outcome, TOO_MANY_REQUESTS } from "./planned-request.ts";

const MS_A_SECOND = 1000;
const BODY_SHOWN = 200;

/** Counts what comes of requests; times only those drawn between {@link start} and {@link stop}. */
export class Tally {
  readonly #statuses = new Map<number, number>();
  readonly #byKind = new Map<RequestKind, Latencies>();
  readonly #all = new Latencies();
  /** The first answer of each status that nobody expects, as the server worded it. */
  readonly #strange = new Map<number, string>();
  #startedMs = 0;
  #stoppedMs = 0;
  #isTiming = false;
  answered = 0;
  busy = 0;
  broken = 0;
  unsent = 0;

  start(): void {
    this.#startedMs = realNowMs();
    this.#isTiming = true;
  }

  stop(): void {
    this.#stoppedMs = realNowMs();
    this.#isTiming = false;
  }

  get seconds(): number {
    return (this.#stoppedMs - this.#startedMs) / MS_A_SECOND;
  }

  /** Counts a request that has ended. */
  add(kind: RequestKind, reply: HttpReply, outcome: Outcome, ms: number): void {
    if (reply.kind === "unsent") this.unsent++;
    if (reply.kind === "broken") this.broken++;
    if (reply.kind === "answered") this.#addStatus(reply.status, reply.body, outcome);
    if (outcome.kind !== "done" || !this.#isTiming) return;
    this.answered++;
    this.#all.add(ms);
    const latencies = this.#byKind.get(kind) ?? new Latencies();
    latencies.add(ms);
    this.#byKind.set(kind, latencies);
  }

  all(): LatencyFigures {
    return this.#all.figures();
  }

  byKind(): Partial<Record<RequestKind, LatencyFigures>> {
    const entries = [...this.#byKind].map(([kind, all]) => [kind, all.figures()] as const);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  statuses(): Record<string, number> {
    return Object.fromEntries([...this.#statuses].toSorted(([a], [b]) => a - b));
  }

  /** A line for each status that a right server does not answer to right requests. */
  problems(): string[] {
    return [...this.#strange].map(([status, body]) => {
      const times = this.#statuses.get(status) ?? 0;
      const what = isServerError(status) ? "failed" : "refused what is right";
      return `the server ${what}: status ${status}, ${times} times, first with ${body}`;
    });
  }

  #addStatus(status: number, body: Buffer, outcome: Outcome): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (status === TOO_MANY_REQUESTS) this.busy++;
    else if (outcome.kind !== "done" && !this.#strange.has(status)) {
      this.#strange.set(status, JSON.stringify(body.toString("utf8").slice(0, BODY_SHOWN)));
    }
  }
}
