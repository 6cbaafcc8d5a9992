import { STATUS_CODES } from "node:http";
import { printable } from "../task/index.ts";

/** An answer that is not what was asked for: its status, and what the body says as JSON. */
export class Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Further headers, a name and its value by turns. */
  readonly headers: readonly string[];
  #body: string | null = null;

  constructor(status: number, code: string, message: string, headers: readonly string[] = []) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.headers = headers;
  }

  /** As JSON; made once, since some problems are answered thousands of times a second. */
  get body(): string {
    this.#body ??= JSON.stringify({ code: this.code, message: printable(this.message) });
    return this.#body;
  }

  /** The whole answer, for a connection whose request could not be read. It is the last one. */
  asText(): string {
    const { body } = this;
    const head = [
      `HTTP/1.1 ${this.status} ${STATUS_CODES[this.status] ?? ""}`,
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
    ];
    return `${head.join("\r\n")}\r\n\r\n${body}`;
  }
}

/** A problem as something to throw, from where a request is read. */
export class Refused extends Error {
  override readonly name: string = "Refused";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Seconds after which it is worth while to try again. */
const RETRY_AFTER_S = "1";

/** Too much is under way; nothing was done. */
export function tooMuch(code: string, message: string): Problem {
  return new Problem(429, code, `${message}; try again`, ["Retry-After", RETRY_AFTER_S]);
}

/** What codes of errors mean to a client. What is not here is a bug of ours. */
const STATUS_OF_CODE: ReadonlyMap<string, readonly [status: number, code: string]> = new Map([
  ["LEVEL_INVALID_KEY", [400, "KEY_TOO_LONG"]],
  ["LEVEL_INVALID_VALUE", [413, "VALUE_TOO_LONG"]],
  ["NO_SPACE", [507, "NO_SPACE"]],
  ["LOG_FAILED", [503, "LOG_FAILED"]],
  ["LEVEL_IO_ERROR", [503, "DISK_ERROR"]],
  ["DIRECTORY_CHANGED", [503, "DIRECTORY_CHANGED"]],
  ["LEVEL_CORRUPTION", [503, "DAMAGED"]],
  ["LEVEL_DATABASE_NOT_OPEN", [503, "CLOSED"]],
] as const);

/** What a table's error is to a client. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  const known = code === undefined ? undefined : STATUS_OF_CODE.get(code);
  if (known === undefined) return new Problem(500, "INTERNAL", "a bug in the server; see its log");
  return new Problem(known[0], known[1], message ?? "");
}
