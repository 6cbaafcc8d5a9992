/**
 * The database: a tree that keeps what it acknowledged.
 *
 * The engine puts protocol, pool, log, cleaner and checkpoint together, as tasks that run under any
 * driver: the simulator's, or the event loop of Node, over which the public promise API is built.
 *
 * Invariants:
 * 1. A write is acknowledged only once the log is durable up to it, whatever its outcome.
 * 2. Nobody waits for the log while inside the write gate or holding a latch, except under the
 *    protocol whose point that is.
 * 3. A fault of the world ends one operation. One that comes before its change leaves nothing of
 *    it behind. A disk without room for the log comes after: the change stays, can be read, and
 *    becomes durable with the next flush for which there is room, only that nobody was told so. A
 *    failed sync, or a batch cut off halfway, ends the engine.
 * 4. A database exists once its control file does; opening it anew gives its last durable state.
 * 5. The engine's tasks run on one thread, each until it waits; see {@link EventLoop}.
 * 6. A directory is open in one process, once, and is the one that its path led to; see
 *    {@link LockFile} and FileDirectory.
 *
 * Files whose name begins with `driver` may use Node itself; the rest of the room takes files, time
 * and tasks from them.
 *
 * Left out: worker threads, partitions, secondary indexes, snapshots, and transactions over several
 * keys but for the batch.
 */
export { checkPages, type LoadedPages, loadPages, type PagesProgress } from "../engine/check-pages.ts";
export { createDatabase, writeNewDatabase } from "../engine/create-database.ts";
export type { OwnedDirectory } from "../drivers/owned-directory.ts";
export { type Ending, EventLoop, type StartOptions, STEPS_A_TURN } from "../drivers/event-loop.ts";
export { LockFile, type LockHolder, lockHolderOf } from "../drivers/lock-file.ts";
export {
  type DirectoryInspection,
  inspectDirectory,
  type RecoveryAccount,
  recoverDirectory,
  verifyDirectory,
  type VerifyDirectoryOptions,
} from "./directory-tools.ts";
export {
  type BatchWrite,
  type Effect,
  Engine,
  type EngineState,
  type EngineStats,
  type ReadDurability,
} from "../engine/engine.ts";
export { ENGINE_DEFAULTS, type EngineOptions, type EngineParts } from "../engine/engine-options.ts";
export { isLogSegment, isOurs, LOCK_FILE, PAGES_FILE } from "../wal/file-names.ts";
export {
  inspectDatabase,
  type Inspection,
  type InspectOptions,
  type LevelSummary,
  type LogSummary,
  type PagesSummary,
} from "../engine/inspect-database.ts";
export type { EngineSettings, LevelEngine } from "./level-engine.ts";
export { LevelError } from "./level-error.ts";
export type {
  LatchworkDatabaseOptions,
  LatchworkOpenOptions,
  LatchworkOptions,
} from "./options.ts";
export { LevelOverEngine } from "./level-over-engine.ts";
export { LatchworkLevel, open } from "./level.ts";
export { openEngine } from "../engine/open-engine.ts";
export { OverlayDisk } from "../engine/overlay-disk.ts";
export {
  verifyDatabase,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyReport,
} from "../engine/verify-database.ts";
