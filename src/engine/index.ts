/**
 * The engine: protocol, pool, log, cleaner and checkpoint put together into a tree that keeps what
 * it acknowledged.
 *
 * All of it is tasks, which run under any driver: the simulator's, or the event loop of Node. The
 * room takes files, time and latches from its driver and uses nothing of Node itself.
 *
 * `openEngine` finds a database or makes one and recovers it; `Engine` runs operations on it. What
 * looks at a database without opening it is here too: `inspectDatabase`, `verifyDatabase`.
 *
 * Invariants:
 * 1. A write is acknowledged only once the log is durable up to it, whatever its outcome.
 * 2. No task waits for the log while it is inside the write gate or holds a latch, except under
 *    `tree-mutex-durable`, whose point that is.
 * 3. A fault of the world ends one operation. One that comes before its change leaves nothing of
 *    it behind. A disk without room for the log comes after: the change stays, can be read, and
 *    becomes durable with the next flush for which there is room, but it was not acknowledged. A
 *    failed sync, or a batch cut off halfway, ends the engine.
 * 4. A database exists once its control file does; opening it anew gives its last durable state.
 * 5. Inspection and verification write nothing to the disk that they look at.
 *
 * Left out: secondary indexes, snapshots, and transactions over several keys but for
 * the batch.
 */
export { checkPages, type LoadedPages, loadPages, type PagesProgress } from "./check-pages.ts";
export { createDatabase, writeNewDatabase } from "./create-database.ts";
export {
  type BatchedEngine,
  type BatchingStats,
  type GatheredWrite,
  Gathering,
  WRITE_BATCHING_DEFAULTS,
  WriteBatcher,
  type WriteBatching,
  writeBatchingOf,
} from "./batching/index.ts";
export { Engine } from "./engine.ts";
export {
  ENGINE_DEFAULTS,
  type EngineOptions,
  type EngineParts,
  poolFramesOf,
  refuseOddSwitches,
} from "./engine-options.ts";
export type {
  BatchWrite,
  Effect,
  EngineState,
  EngineStats,
  ReadDurability,
} from "./engine-state.ts";
export { Gate } from "./gate.ts";
export {
  inspectDatabase,
  type Inspection,
  type InspectOptions,
  type LevelSummary,
  type LogSummary,
  type PagesSummary,
} from "./inspect-database.ts";
export { limitPool } from "./limit-pool.ts";
export { openEngine } from "./open-engine.ts";
export { OverlayDisk } from "./overlay-disk.ts";
export {
  BATCHES,
  BatchOverPartitions,
  BatchRecovery,
  encodePartitions,
  HASH_NAME,
  holdsDatabase,
  isPartitionName,
  type InPartitions,
  inspectTable,
  KeyPlaces,
  MADE,
  makePartitions,
  MergedScan,
  NEW_PARTITIONS_FILE,
  openPartitioned,
  openTable,
  Partition,
  PartitionCursor,
  PartitionedEngine,
  type PartitionFinding,
  type PartitionedOptions,
  type PartitionedState,
  type PartitionLayout,
  partitionName,
  partitionOfKey,
  type PartitionParts,
  PARTITIONS_FILE,
  PARTITIONS_FORMAT,
  PARTITIONS_MAX,
  partitionTree,
  type Prepared,
  readBatchRecord,
  readPartitions,
  type ReadRows,
  type Recovered,
  recoverTable,
  refuseOddPartitions,
  removeLeftOvers,
  removePartition,
  repartition,
  Repartition,
  type RepartitionOptions,
  type RepartitionProgress,
  type RepartitionReport,
  settleBatches,
  type TableInspection,
  type TableRecovery,
  type TableReport,
  verifyTable,
  type Share,
  writePartitions,
} from "./partitions/index.ts";
export {
  verifyDatabase,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyReport,
} from "./verify-database.ts";
