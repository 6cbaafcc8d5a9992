import { LatchworkError, optionNames, refuseUnknownOptions } from "../task/index.ts";

/** What a server takes on; each is a whole number above 0. docs/server.md says what exceeds it. */
export interface ServerLimits {
  /** Bytes of one value, as a body. What a table's pages hold is often less. Default 32 KiB. */
  readonly valueBytes?: number;
  /** Bytes of a batch, as a body. Default 1 MiB. */
  readonly batchBytes?: number;
  /** Writes of a batch. Default 10,000. */
  readonly batchWrites?: number;
  /** Bytes of a request's line and headers; a key stands in there. Default 32 KiB. */
  readonly headerBytes?: number;
  /** Connections that are served; the next are told to come again. Default 4,096. */
  readonly connections?: number;
  /** Requests taken on and not answered. Default 4,096. */
  readonly inFlight?: number;
  /** Scans among them. Default 64. */
  readonly scans?: number;
  /** Bytes of bodies taken on and not answered. Default 64 MiB. */
  readonly inFlightBytes?: number;
  /** How late the event loop may be before new work is refused, in ms. Default 1,000. */
  readonly loopDelayMs?: number;
  /** From a request's first byte, or the connection, to the end of its headers, in ms. 10,000. */
  readonly headersMs?: number;
  /** From a request's first byte to its last, in ms. Default 30,000. */
  readonly requestMs?: number;
  /** How long a connection may wait for its next request, in ms. Default 65,000. */
  readonly idleMs?: number;
  /** How long a connection with a request may stand still, read or written, in ms. 60,000. */
  readonly stallMs?: number;
}

/** The limits where nothing else is asked for. */
export const SERVER_LIMITS: Required<ServerLimits> = {
  valueBytes: 32 * 1024,
  batchBytes: 1024 * 1024,
  batchWrites: 10_000,
  headerBytes: 32 * 1024,
  connections: 4096,
  inFlight: 4096,
  scans: 64,
  inFlightBytes: 64 * 1024 * 1024,
  loopDelayMs: 1000,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
  stallMs: 60_000,
};

const NAMES = optionNames<ServerLimits>({
  valueBytes: true,
  batchBytes: true,
  batchWrites: true,
  headerBytes: true,
  connections: true,
  inFlight: true,
  scans: true,
  inFlightBytes: true,
  loopDelayMs: true,
  headersMs: true,
  requestMs: true,
  idleMs: true,
  stallMs: true,
});

/**
 * Fills in what was not asked for.
 *
 * @throws LatchworkError BAD_ARGUMENT for a name that there is not, or a limit that is no whole
 *   number above 0.
 */
export function limitsOf(asked: ServerLimits): Required<ServerLimits> {
  refuseUnknownOptions("the limits of a server", asked, NAMES);
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    const message = `the limit ${name} must be a whole number above 0, not ${String(value)}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
  return { ...SERVER_LIMITS, ...asked };
}
