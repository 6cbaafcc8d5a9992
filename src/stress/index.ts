/**
 * Stress: many clients ask a server over HTTP, and what they ask and are answered is recorded as a
 * history, so that `latchwork check` can say whether any order of it explains every answer.
 *
 * A client has one connection and one request on it. `mix.ts` and `request-source.ts` draw what it
 * asks, `table-requests.ts` says how that looks on the wire and what each status means,
 * `http-connection.ts` sends it, and `recorder.ts` tells the history and the tracker of writes.
 * `stress-run.ts` puts them together, and lets somebody else kill the server meanwhile.
 *
 * Invariants:
 * 1. An operation's interval in the history is never shorter than the truth: its `invoke` is
 *    written before anything is sent, its answer after the last byte of the reply.
 * 2. No request is repeated under the same operation. What broke off is of unknown outcome for
 *    ever, unless the server is known to have ended, and that stands in the history as `crash`.
 * 3. A refusal (4xx, 429 among them) is recorded as `fail`: a server that refuses has done nothing.
 * 4. No two writes of a run put the same value, so that a read says which write it saw. A body that
 *    nobody put is recorded as such and explains nothing.
 * 5. What is drawn comes from the seed; what the server does between is its own.
 *
 * The HTTP client is undici. For one request of 64 clients that wait for each other it takes a
 * quarter of the processor time of `node:http` (30 against 120 microseconds), and leaves more of
 * the machine to the server that is measured; the numbers are of a server that answers the same
 * bytes to everybody.
 *
 * Left out: the check itself, which is `latchwork check`; a batch's being all or nothing to others,
 * which the model `kv` does not ask for: each of its writes is an operation of its own.
 */
export { HttpConnection, type HttpReply, type HttpRequest } from "./http-connection.ts";
export { Latencies, type LatencyFigures } from "./latencies.ts";
export { DEFAULT_MIX, type Mix, parseMix, REQUEST_KINDS, type RequestKind } from "./mix.ts";
export { Pacer } from "./pacer.ts";
export { PossibleValues } from "./possible-values.ts";
export { keyName } from "./request-source.ts";
export { DEFAULT_TABLES, type StressOptions } from "./stress-options.ts";
export type { LostWrite, StressReport } from "./stress-report.ts";
export { StressRun } from "./stress-run.ts";
