import { realNowMs, realSleep } from "../task/driver-real-time.ts";
import { HttpConnection, type HttpReply, type HttpRequest } from "./http-connection.ts";
import {
  type Outcome,
  outcomeOf,
  type PlannedRequest,
  TOO_MANY_REQUESTS,
} from "./planned-request.ts";
import type { Recorder } from "./recorder.ts";
import type { Tally } from "./tally.ts";

/** How long to wait where there is no server, or one that does not say how long. */
const PAUSE_MS = 50;
const MS_A_SECOND = 1000;
const RETRY_AFTER_S_MAX = 60;

/** What all clients of a run have in common. */
export interface ClientContext {
  readonly url: string;
  readonly token: string | undefined;
  readonly recorder: Recorder;
  readonly tally: Tally;
  /** Resolves when something new may begin. */
  readonly pass: () => Promise<void>;
  /** Whether nobody wants the rest any more. */
  readonly isStopped: () => boolean;
}

/** One client: a connection, and one request on it at a time. */
export class StressClient {
  readonly name: string;
  readonly #context: ClientContext;
  readonly #connection: HttpConnection;

  constructor(name: string, context: ClientContext) {
    this.name = name;
    this.#context = context;
    this.#connection = new HttpConnection(context.url);
  }

  /**
   * Makes a request, again and again while the server says 429, each time when its Retry-After is
   * over. Every attempt is an operation of its own in the history: one that was answered 429 has
   * done nothing, or the history will show it. Waits a little where there is no connection.
   */
  async perform(request: PlannedRequest): Promise<Outcome> {
    for (;;) {
      await this.#context.pass();
      const { reply, outcome } = await this.#attempt(request);
      const waitMs = waitAfter(reply);
      if (waitMs === null) return outcome;
      await realSleep(waitMs);
      if (!isBusy(reply) || this.#context.isStopped()) return outcome;
    }
  }

  /** What a request answers, which is neither recorded nor counted. */
  async peek(request: PlannedRequest): Promise<Outcome> {
    const reply = await this.ask(request.http);
    const waitMs = waitAfter(reply);
    if (waitMs !== null) await realSleep(waitMs);
    return outcomeOf(request, reply);
  }

  /** Makes a request as it is, without a look at what comes of it. */
  ask(http: HttpRequest): Promise<HttpReply> {
    return this.#connection.request(this.#authorized(http));
  }

  async close(): Promise<void> {
    await this.#connection.destroy();
  }

  async #attempt(request: PlannedRequest): Promise<{ reply: HttpReply; outcome: Outcome }> {
    const { recorder, tally } = this.#context;
    const open = recorder.begin(this.name, request);
    const startedMs = realNowMs();
    const reply = await this.ask(request.http);
    const ms = realNowMs() - startedMs;
    const outcome = outcomeOf(request, reply);
    recorder.end(open, outcome);
    tally.add(request.kind, reply, outcome, ms);
    return { reply, outcome };
  }

  #authorized(http: HttpRequest): HttpRequest {
    const { token } = this.#context;
    if (token === undefined) return http;
    return { ...http, headers: { ...http.headers, authorization: `Bearer ${token}` } };
  }
}

function isBusy(reply: HttpReply): boolean {
  return reply.kind === "answered" && reply.status === TOO_MANY_REQUESTS;
}

/** How long to wait before anything else is asked, or null if the server may be asked at once. */
function waitAfter(reply: HttpReply): number | null {
  if (reply.kind !== "answered") return PAUSE_MS;
  if (!isBusy(reply)) return null;
  const seconds = reply.header("retry-after") ?? "";
  if (!/^\d+$/.test(seconds)) return PAUSE_MS;
  return Math.max(PAUSE_MS, Math.min(RETRY_AFTER_S_MAX, Number(seconds)) * MS_A_SECOND);
}
