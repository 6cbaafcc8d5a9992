import { inWords, LatchworkError, optionNames, refuseUnknownOptions } from "../../task/index.ts";

/** How long writes gather, and how many of them, before they go down together. */
export interface WriteBatching {
  /**
   * For how many milliseconds the first of a batch waits for others, 0 to 1,000. Default 0: for
   * those only that come within the same turn of the event loop, or while the batch before is made.
   */
  readonly windowMs: number;
  /** So many writes make a batch full: it waits no longer. 1 to 65,536. Default 256. */
  readonly operationsMax: number;
  /** So many bytes of keys and values do. 1 to 1 GiB. Default 1 MiB. */
  readonly bytesMax: number;
}

/** Figures of batched writes since the engine was opened. */
export interface BatchingStats {
  readonly batches: number;
  /** Writes that went down in them, whatever came of each. */
  readonly writes: number;
  /** How often writes of one leaf were made under one latch, in one change group. */
  readonly leafRuns: number;
  /** Writes made by an operation of their own: they might have split or merged. */
  readonly alone: number;
  readonly largestBatch: number;
}

/** What of {@link WriteBatching} is left out. */
export const WRITE_BATCHING_DEFAULTS: WriteBatching = {
  windowMs: 0,
  operationsMax: 256,
  bytesMax: 1024 * 1024,
};

/** The longest window: whoever waits longer for others has mistaken the unit. */
const WINDOW_MS_MAX = 1_000;
const OPERATIONS_MAX = 65_536;
const BYTES_MAX = 1024 * 1024 * 1024;

const NAMES = optionNames<WriteBatching>({
  windowMs: true,
  operationsMax: true,
  bytesMax: true,
});

/**
 * Checks how writes are to be batched, and fills in what is left out.
 *
 * @throws LatchworkError BAD_ARGUMENT.
 */
export function writeBatchingOf(given: Partial<WriteBatching>): WriteBatching {
  if (typeof given !== "object" || given === null) {
    const example = "an object such as { windowMs: 1 }";
    throw bad(`writeBatching must be ${example}, not ${inWords(given)}`);
  }
  refuseUnknownOptions("writeBatching", given, NAMES);
  const { windowMs, operationsMax, bytesMax } = { ...WRITE_BATCHING_DEFAULTS, ...defined(given) };
  const isTime = typeof windowMs === "number" && windowMs >= 0 && windowMs <= WINDOW_MS_MAX;
  if (!isTime) {
    const range = `0 to ${WINDOW_MS_MAX} milliseconds`;
    throw bad(`writeBatching.windowMs must be ${range}, not ${inWords(windowMs)}`);
  }
  checkCount("operationsMax", operationsMax, OPERATIONS_MAX);
  checkCount("bytesMax", bytesMax, BYTES_MAX);
  return { windowMs, operationsMax, bytesMax };
}

/** What is undefined is left out. */
function defined(given: Partial<WriteBatching>): Partial<WriteBatching> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function checkCount(name: string, count: number, most: number): void {
  if (Number.isSafeInteger(count) && count >= 1 && count <= most) return;
  throw bad(`writeBatching.${name} must be a whole number, 1 to ${most}, not ${inWords(count)}`);
}

function bad(message: string): LatchworkError {
  return new LatchworkError("BAD_ARGUMENT", message);
}
