import type { IncomingMessage, ServerResponse } from "node:http";
import { realNowMs } from "../task/driver-real-time.ts";
import { assert } from "../task/index.ts";
import type { RouteName } from "./counts.ts";
import { Problem, problemOf, tooMuch } from "./problem.ts";
import type { Shared } from "./shared.ts";

const JSON_TYPE = "application/json";
const BYTES_TYPE = "application/octet-stream";

const WRONG_HOST = new Problem(
  403,
  "WRONG_HOST",
  "without a token, ask for localhost or an address: by a name a page in a browser could get here",
);

/**
 * Up to so many bytes go out as a string of single bytes: Node puts that behind the headers and
 * makes one write of both, where it hands bytes to the system apart.
 */
const JOINED_BYTES = 4096;

/** So many bytes of a request that was refused are read, so that its answer is; then no more. */
const DRAIN_BYTES = 1024 * 1024;

/**
 * One request and its answer.
 *
 * Invariants:
 * 1. It is answered once, and counted once, whatever becomes of its connection.
 * 2. What was taken on is in the load until it has been answered.
 */
export class Exchange {
  readonly shared: Shared;
  readonly route: RouteName;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #beganMs = realNowMs();
  #isTakenOn = false;
  #isAnswered = false;
  #bytesHeld = 0;

  constructor(shared: Shared, route: RouteName, req: IncomingMessage, res: ServerResponse) {
    this.shared = shared;
    this.route = route;
    this.request = req;
    this.response = res;
  }

  /** Takes the request on; false if it was refused, and so answered. */
  begin(): boolean {
    const refusal = this.#refusal();
    if (refusal !== null) {
      this.refuse(refusal);
      return false;
    }
    this.#isTakenOn = true;
    return true;
  }

  #refusal(): Problem | null {
    const { hosts, token, surplus, load } = this.shared;
    if (hosts !== null && !hosts.admits(this.request.headers.host)) return WRONG_HOST;
    if (token !== null && !token.admits(this.request.headers.authorization)) {
      const message = "this server wants a header Authorization: Bearer with its token";
      return new Problem(401, "UNAUTHORIZED", message, ["WWW-Authenticate", "Bearer"]);
    }
    if (surplus.size > 0 && surplus.has(this.request.socket)) {
      this.response.shouldKeepAlive = false;
      return tooMuch("TOO_MANY_CONNECTIONS", "there are too many connections");
    }
    return load.enter();
  }

  /** Takes on bytes of a body; false if the request was refused, and so answered. */
  hold(bytes: number): boolean {
    const refusal = this.shared.load.hold(bytes);
    if (refusal !== null) {
      this.refuse(refusal);
      return false;
    }
    this.#bytesHeld += bytes;
    return true;
  }

  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** Answers with bytes; a request of the method HEAD gets the headers only. */
  bytes(value: Uint8Array): void {
    this.answer(200, ["Content-Type", BYTES_TYPE], value);
  }

  json(status: number, value: unknown): void {
    this.answer(status, ["Content-Type", JSON_TYPE], JSON.stringify(value));
  }

  noContent(status: 201 | 204): void {
    this.answer(status, status === 204 ? [] : ["Content-Length", "0"], null);
  }

  refuse(problem: Problem): void {
    this.answer(problem.status, [...problem.headers, "Content-Type", JSON_TYPE], problem.body);
  }

  /** Answers with what an error means. */
  fail(error: unknown): void {
    const problem = problemOf(error);
    if (problem.status >= 500) this.shared.onFault(error);
    this.refuse(problem);
  }

  /** Answers, or only ends if the client has gone. */
  answer(status: number, headers: string[], body: Uint8Array | string | null): void {
    const { response } = this;
    this.ended(status);
    if (response.destroyed) return;
    if (body !== null) headers.push("Content-Length", String(Buffer.byteLength(body)));
    if (this.shared.isStopping) response.shouldKeepAlive = false;
    response.writeHead(status, headers);
    if (body === null) response.end();
    else if (typeof body === "string") response.end(body);
    else if (body.length > JOINED_BYTES) response.end(body);
    else response.end(singleBytes(body), "latin1");
    if (!this.request.complete) this.#drain();
  }

  /** Counts the end of the exchange: for whoever writes the answer itself, when that is over. */
  ended(status: number): void {
    assert(!this.#isAnswered, "a request is answered once");
    this.#isAnswered = true;
    const { counts, load } = this.shared;
    counts[this.route].add(status, realNowMs() - this.#beganMs);
    if (this.#bytesHeld > 0) load.letGo(this.#bytesHeld);
    if (this.#isTakenOn) load.leave();
  }

  /** Reads the rest of a body that nobody wants: a client that still sends may not read yet. */
  #drain(): void {
    const { request } = this;
    this.shared.answeredEarly.add(request.socket);
    let left = DRAIN_BYTES;
    request.on("data", (chunk: Uint8Array) => {
      left -= chunk.length;
      if (left < 0) request.socket.destroy();
    });
    request.once("end", () => this.shared.answeredEarly.delete(request.socket));
  }
}

/** Bytes as a string of one character each. */
function singleBytes({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
