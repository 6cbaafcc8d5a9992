import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Which answers each connection still owes its client: more than one if the client sends further
 * requests without waiting, as HTTP/1.1 allows.
 *
 * Answers have no names, only an order. An answer to bytes that are no request, given too soon,
 * would be taken for that of a request before them: a write would be told to have failed, and be
 * done.
 */
export class OwedAnswers {
  readonly #owed = new WeakMap<Duplex, Set<ServerResponse>>();
  /** What is to be done once a connection owes nothing any more. */
  readonly #last = new WeakMap<Duplex, () => void>();

  /** Notes a request that has come; O(1). */
  add({ socket }: IncomingMessage, response: ServerResponse): void {
    let owed = this.#owed.get(socket);
    if (owed === undefined) this.#owed.set(socket, (owed = new Set()));
    owed.add(response);
    response.once("close", () => {
      owed.delete(response);
      if (!socket.destroyed && !this.owes(socket)) this.#last.get(socket)?.();
    });
  }

  /** Whether a request that came whole has no answer yet; one that did not gets none. */
  owes(socket: Duplex): boolean {
    const owed = this.#owed.get(socket) ?? [];
    return [...owed].some(({ req }) => req.complete);
  }

  /**
   * Does something once a connection owes nothing, at once if it does not. One that closes before
   * is left alone; so is one for which something is to be done already.
   */
  whenAnswered(socket: Duplex, last: () => void): void {
    if (this.#last.has(socket)) return;
    this.#last.set(socket, last);
    if (!this.owes(socket)) last();
  }
}
