/**
 * The level: an engine in a directory, offered as an `abstract-level`.
 *
 * It is the door of `latchwork/database`: promises and iterators over an engine's tasks, which the
 * event loop runs, and tools for a directory that is not open. It also passes on what the rooms
 * engine and drivers offer to users of a database.
 *
 * Invariants:
 * 1. A promise of a write is kept once the write is durable, and only then.
 * 2. Calls that meet on a key take effect in the order in which they were made; see CallOrder.
 * 3. A close waits for every call in flight, and none begins meanwhile.
 * 4. An error of the engine is passed on as a {@link LevelError}, with the engine's own as its
 *    cause. What contradicts itself is reported as damage.
 *
 * Left out: snapshots. Several tables of one directory are in the folder `tables`.
 */
export {
  type DirectoryInspection,
  inspectDirectory,
  type RecoveryAccount,
  recoverDirectory,
  verifyDirectory,
  type VerifyDirectoryOptions,
  type WhichTable,
} from "./directory-tools.ts";
export {
  type Ending,
  EventLoop,
  LockFile,
  type LockHolder,
  lockHolderOf,
  type OwnedDirectory,
  type StartOptions,
  STEPS_A_TURN,
} from "../drivers/index.ts";
export {
  type BatchingStats,
  type BatchWrite,
  checkPages,
  createDatabase,
  type Effect,
  Engine,
  ENGINE_DEFAULTS,
  type EngineOptions,
  type EngineParts,
  type EngineState,
  type EngineStats,
  HASH_NAME,
  type InPartitions,
  inspectDatabase,
  type Inspection,
  type InspectOptions,
  type LevelSummary,
  type LoadedPages,
  loadPages,
  type LogSummary,
  openEngine,
  OverlayDisk,
  type PagesProgress,
  type PagesSummary,
  PARTITIONS_MAX,
  type PartitionFinding,
  type ReadDurability,
  type Recovered,
  type TableInspection,
  type TableRecovery,
  type TableReport,
  type RepartitionProgress,
  type RepartitionReport,
  verifyDatabase,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyReport,
  WRITE_BATCHING_DEFAULTS,
  type WriteBatching,
  writeBatchingOf,
  writeNewDatabase,
} from "../engine/index.ts";
export { Session } from "../task/index.ts";
export { LevelError } from "./level-error.ts";
export type { Errands } from "./background.ts";
export type { EngineSettings, LevelEngine } from "./level-engine.ts";
export type { TableEngine } from "./file-engine.ts";
export { ServedEngine } from "./served-engine.ts";
export { repartitionDirectory, type RepartitionDirectoryOptions } from "./repartition-directory.ts";
export { LevelOverEngine } from "./level-over-engine.ts";
export { LatchworkLevel, open } from "./level.ts";
export {
  checkTableOptions,
  LatchworkTable,
  LatchworkTables,
  openTables,
  type StoredTableOptions,
  type TableListing,
  type TableOptions,
  tablesOfDirectory,
  type TablesOptions,
  type TablesStats,
  type TableStats,
} from "./tables/index.ts";
export type {
  LatchworkDatabaseOptions,
  LatchworkOpenOptions,
  LatchworkOptions,
} from "./options.ts";
export { isLogSegment, isOurs, LOCK_FILE, PAGES_FILE } from "../wal/index.ts";
