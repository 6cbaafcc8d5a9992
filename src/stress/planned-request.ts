import type { HttpReply, HttpRequest } from "./http-connection.ts";
import type { RequestKind } from "./mix.ts";

/** One operation on one key, or a scan, as the history and the tracker of writes see it. */
export interface PlannedOperation {
  /** Its name in the model `kv`. */
  readonly f: "get" | "put" | "insert" | "delete" | "scan";
  /** Table and key, as the history names it; null of a scan. */
  readonly key: string | null;
  readonly value: unknown;
  /** What the key holds when it has had its effect, null being absent; undefined of a read. */
  readonly leaves?: string | null;
}

/** A request that is to be made, and how its answer is to be read. */
export interface PlannedRequest {
  readonly kind: RequestKind;
  readonly http: HttpRequest;
  /** What it does, all at one time; several of a batch. */
  readonly operations: readonly PlannedOperation[];
  /** The answers of its operations in a history, or null of a status that it does not have. */
  readonly answersIn: (status: number, body: Buffer) => readonly unknown[] | null;
}

/**
 * What is known of a request when it has ended.
 *
 * - `done`: it happened, with these answers.
 * - `nothing`: it certainly did not happen and never will.
 * - `unknown`: it may have happened, or may still.
 */
export type Outcome =
  | { readonly kind: "done"; readonly answers: readonly unknown[] }
  | { readonly kind: "nothing" | "unknown" };

export const TOO_MANY_REQUESTS = 429;
const BAD_REQUEST = 400;
const REQUEST_TIMEOUT = 408;
const SERVER_ERROR = 500;

export function isServerError(status: number): boolean {
  return status >= SERVER_ERROR;
}

/**
 * What a reply says of a request. A server that refuses (4xx, 429 among them) says that it has done
 * nothing, and is held to that; one that fails (5xx, 408) or goes away says nothing.
 */
export function outcomeOf(request: PlannedRequest, reply: HttpReply): Outcome {
  if (reply.kind !== "answered") return { kind: reply.kind === "unsent" ? "nothing" : "unknown" };
  const answers = request.answersIn(reply.status, reply.body);
  if (answers !== null) return { kind: "done", answers };
  const { status } = reply;
  const isRefusal = status >= BAD_REQUEST && !isServerError(status) && status !== REQUEST_TIMEOUT;
  return { kind: isRefusal ? "nothing" : "unknown" };
}

/** Whether an operation that was answered so has changed its key, or found it as it leaves it. */
export function hasWritten({ f, leaves }: PlannedOperation, answer: unknown): boolean {
  return leaves !== undefined && !(f === "insert" && answer === false);
}
