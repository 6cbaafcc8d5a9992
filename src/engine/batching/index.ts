/**
 * Write batching: single writes of many callers, made and acknowledged together.
 *
 * A write joins a line. The first in line leads: it waits for others as long as the settings say,
 * takes them with it, makes them sorted by key, one leaf after the other, and waits for the log
 * once for all of them. Meanwhile the next in line gathers the batch after. There is no task in the
 * background, and a write that comes alone pays the window and nothing else.
 *
 * Invariants:
 * 1. A batch is no transaction: each write has its own outcome and its own fault, and takes effect
 *    with the leaf run that it is in. Writes of one key take effect in the order they came in.
 * 2. A write has ended only once it was made and the log is durable up to its run, or it failed.
 * 3. Each leaf run is one change group under one latch, and one descent.
 * 4. Only one batch at a time is being made; several may wait for the log.
 *
 * Left out: batches across engines (each has its own), and writes of a `batch`, which go by
 * themselves, since they exclude all others.
 */
export { type GatheredWith, GatheredWrite } from "./gathered-write.ts";
export { Gathering } from "./gathering.ts";
export { type BatchedEngine, WriteBatcher } from "./write-batcher.ts";
export {
  type BatchingStats,
  WRITE_BATCHING_DEFAULTS,
  type WriteBatching,
  writeBatchingOf,
} from "./write-batching.ts";
