import type { Exchange } from "./exchange.ts";
import { Problem } from "./problem.ts";

const EMPTY = new Uint8Array(0);

/**
 * Reads the body of a request as bytes, and hands it over once it is there. A body that is longer
 * than `bytesMax`, that does not fit what is under way, or that is compressed, is refused; of one
 * that never ends, as its client has gone, nothing is heard.
 */
export function readBody(
  exchange: Exchange,
  bytesMax: number,
  what: string,
  onBody: (body: Uint8Array) => void,
): void {
  const { headers } = exchange.request;
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    const message = `a body is taken as it is: there must be no Content-Encoding: ${encoding}`;
    exchange.refuse(new Problem(415, "BAD_ENCODING", message));
    return;
  }
  const transfer = headers["transfer-encoding"];
  if (transfer !== undefined && transfer.toLowerCase() !== "chunked") {
    // Node takes the chunks apart and leaves the rest to us.
    const message = `a body is taken as it is: there must be no Transfer-Encoding: ${transfer}`;
    exchange.refuse(new Problem(415, "BAD_ENCODING", message));
    return;
  }
  const length = headers["content-length"];
  if (length === undefined) {
    if (transfer === undefined) onBody(EMPTY);
    else BodyReader.read(exchange, { bytesMax, what, onBody }, 0);
    return;
  }
  const announced = Number(length);
  if (announced > bytesMax) refuseLength(exchange, what, bytesMax);
  else if (announced === 0) onBody(EMPTY);
  else if (exchange.hold(announced)) {
    BodyReader.read(exchange, { bytesMax, what, onBody }, announced);
  }
}

interface Wanted {
  readonly bytesMax: number;
  readonly what: string;
  readonly onBody: (body: Uint8Array) => void;
}

/** Gathers the parts of one body. */
class BodyReader {
  readonly #exchange: Exchange;
  readonly #wanted: Wanted;
  #held: number;
  #length = 0;
  #first: Uint8Array = EMPTY;
  #rest: Uint8Array[] | null = null;

  private constructor(exchange: Exchange, wanted: Wanted, held: number) {
    this.#exchange = exchange;
    this.#wanted = wanted;
    this.#held = held;
  }

  static read(exchange: Exchange, wanted: Wanted, held: number): void {
    const reader = new BodyReader(exchange, wanted, held);
    const { request } = exchange;
    request.on("data", reader.#part);
    request.on("end", reader.#end);
    request.on("close", reader.#gone);
  }

  readonly #part = (part: Uint8Array): void => {
    if (this.#exchange.isAnswered) return;
    const { bytesMax, what } = this.#wanted;
    this.#length += part.length;
    if (this.#length > bytesMax) {
      refuseLength(this.#exchange, what, bytesMax);
      return;
    }
    const more = this.#length - this.#held;
    if (more > 0) {
      if (!this.#exchange.hold(more)) return;
      this.#held = this.#length;
    }
    if (this.#first.length === 0) this.#first = part;
    else (this.#rest ??= [this.#first]).push(part);
  };

  readonly #end = (): void => {
    if (this.#exchange.isAnswered) return;
    this.#wanted.onBody(this.#rest === null ? this.#first : Buffer.concat(this.#rest));
  };

  /** The connection has closed. Where the body was not complete, nothing was done. */
  readonly #gone = (): void => {
    if (this.#exchange.request.complete || this.#exchange.isAnswered) return;
    this.#exchange.ended(CLIENT_GONE);
  };
}

/** What servers commonly note for a client that closed before its answer. It is never sent. */
export const CLIENT_GONE = 499;

function refuseLength(exchange: Exchange, what: string, bytesMax: number): void {
  const message = `${what} may have at most ${bytesMax} bytes`;
  exchange.refuse(new Problem(413, "BODY_TOO_LONG", message));
}
