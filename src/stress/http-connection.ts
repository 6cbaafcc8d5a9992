import { Client, type Dispatcher } from "undici";

/** How long a request may take before it counts as broken off. */
const ANSWER_MS_MAX = 60_000;

/** One request, as it goes over the connection. */
export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/**
 * What became of a request.
 *
 * - `answered`: there is a whole answer.
 * - `unsent`: it never left, since there was no connection; nobody can have acted on it.
 * - `broken`: it may have left, and there will be no answer.
 */
export type HttpReply =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly header: (name: string) => string | null;
      readonly body: Buffer;
    }
  | { readonly kind: "unsent" | "broken"; readonly error: Error };

/**
 * One connection that is kept alive and made anew when it breaks, with one request on it at a time.
 *
 * A request is made once and never repeated here: whether a second attempt is right is known only
 * to who records what the first one may have done.
 */
export class HttpConnection {
  readonly #client: Client;

  /** @param origin Scheme, host and port, as `http://127.0.0.1:8080`. */
  constructor(origin: string, answerMsMax: number = ANSWER_MS_MAX) {
    this.#client = new Client(origin, {
      pipelining: 1,
      headersTimeout: answerMsMax,
      bodyTimeout: answerMsMax,
    });
  }

  /** Makes a request. Never rejects. */
  request(request: HttpRequest): Promise<HttpReply> {
    const { method, path, headers = {}, body = null } = request;
    return new Promise((resolve) => {
      this.#client.dispatch({ method, path, headers, body }, new Receiver(resolve));
    });
  }

  /** Breaks off what is under way, and closes. */
  async destroy(): Promise<void> {
    await this.#client.destroy();
  }
}

/** Gathers one answer. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #resolve: (reply: HttpReply) => void;
  readonly #parts: Buffer[] = [];
  #wasSent = false;
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};

  constructor(resolve: (reply: HttpReply) => void) {
    this.#resolve = resolve;
  }

  onRequestStart(): void {
    this.#wasSent = true;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, part: Buffer): void {
    this.#parts.push(part);
  }

  onResponseEnd(): void {
    const [only = Buffer.alloc(0), ...more] = this.#parts;
    const body = more.length === 0 ? only : Buffer.concat(this.#parts);
    const header = (name: string): string | null => {
      const value = this.#headers[name];
      return typeof value === "string" ? value : (value?.[0] ?? null);
    };
    this.#resolve({ kind: "answered", status: this.#status, header, body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#resolve({ kind: this.#wasSent ? "broken" : "unsent", error });
  }
}
