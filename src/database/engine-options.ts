import type { Protocol } from "../btree/index.ts";
import type { Fairness, LatchDriver } from "../latch/index.ts";
import type {
  BufferPool,
  BufferPoolOptions,
  Checksum,
  Cleaner,
  CleanerOptions,
} from "../storage/index.ts";
import type { Disk, Host, TaskId } from "../task/index.ts";
import type { Engine, EngineState, ReadDurability } from "./engine.ts";
import type {
  Checkpoint,
  CheckpointOptions,
  CommitPolicy,
  Log,
  LogParts,
  Recovery,
  RecoveryOptions,
} from "../wal/index.ts";

/** Makes the parts of an engine; a planted bug replaces one of them. */
export interface EngineParts {
  makePool(options: BufferPoolOptions): BufferPool;
  makeLog(parts: LogParts): Log;
  makeCleaner(options: CleanerOptions): Cleaner;
  makeCheckpoint(options: CheckpointOptions): Checkpoint;
  makeRecovery(options: RecoveryOptions): Recovery;
  makeEngine(state: EngineState): Engine;
}

/** How an engine is opened. */
export interface EngineOptions {
  readonly disk: Disk;
  readonly host: Host;
  readonly latches: LatchDriver;
  readonly protocol: Protocol;
  readonly policy: CommitPolicy;
  /** Default `committed`. */
  readonly reads?: ReadDurability;
  /** Who goes first at a latch. Default `fifo`. */
  readonly fairness?: Fairness;
  /** Bytes a page of a new database. Default 4096. */
  readonly pageSize?: number;
  /** Most entries a page of a new database may hold, or 0 for as many as fit. Default 0. */
  readonly mostEntries?: number;
  /** Pages kept in memory; more only while all of them are in use. Default 16,384. */
  readonly poolFrames?: number;
  /** Bytes after which the log goes on in another file. Default 16 MiB. */
  readonly segmentBytes?: number;
  /** Bytes of log after which a checkpoint is due. Default 64 MiB. */
  readonly checkpointBytes?: number;
  /** Whether a database is made where there is none. Default true. */
  readonly create?: boolean;
  readonly checksum?: Checksum;
  /** The task that opens it, as its driver knows it. Default the first. */
  readonly task?: TaskId;
  readonly parts?: Partial<EngineParts>;
}

/** What holds where the options say nothing. */
export const ENGINE_DEFAULTS: Required<
  Pick<
    EngineOptions,
    "pageSize" | "mostEntries" | "poolFrames" | "segmentBytes" | "checkpointBytes"
  >
> = {
  pageSize: 4096,
  mostEntries: 0,
  poolFrames: 16_384,
  segmentBytes: 16 * 1024 * 1024,
  checkpointBytes: 64 * 1024 * 1024,
};
