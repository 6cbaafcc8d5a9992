import type { Protocol } from "../btree/index.ts";
import type { Fairness, LatchDriver, LatchObjects, LatchTable } from "../latch/index.ts";
import {
  type BufferPool,
  type BufferPoolOptions,
  BYTES_BESIDE_A_PAGE,
  type Checksum,
  type Cleaner,
  type CleanerOptions,
  framesIn,
} from "../storage/index.ts";
import {
  type Disk,
  type Host,
  inWords,
  LatchworkError,
  optionNames,
  type TaskId,
} from "../task/index.ts";
import type { WriteBatching } from "./batching/write-batching.ts";
import type { Engine } from "./engine.ts";
import type { EngineState, ReadDurability } from "./engine-state.ts";
import type {
  Checkpoint,
  CheckpointOptions,
  CommitPolicy,
  Log,
  LogParts,
  RecordHandlers,
  Recovery,
  RecoveryOptions,
} from "../wal/index.ts";

/** Makes the parts of an engine; a planted bug replaces one of them. */
export interface EngineParts {
  makeLatches(fairness: Fairness, objects: LatchObjects): LatchTable;
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
  /** The tree's name, in reports and for `latches`, where there are several trees. */
  readonly tree?: string;
  readonly policy: CommitPolicy;
  /** Default `committed`. */
  readonly reads?: ReadDurability;
  /** How single writes go down together; what is left out has defaults. Default: each by itself. */
  readonly writeBatching?: Partial<WriteBatching>;
  /**
   * Whether operations that need not wait are carried out at once, and by latches only where they
   * have to: see docs/critical-path.md. Default false.
   */
  readonly atOnce?: boolean;
  /**
   * Whether such an operation begins at the pages by which its session's last one came down, if
   * they are still right: for keys in order or in clusters. Implies `atOnce`. Default false.
   */
  readonly pathCache?: boolean;
  /** Whether all frames of the pool are made at open. Default false: as they are needed. */
  readonly preallocate?: boolean;
  /** Who goes first at a latch. Default `fifo`. */
  readonly fairness?: Fairness;
  /** Bytes a page of a new database. Default 4096. */
  readonly pageSize?: number;
  /** Most entries a page of a new database may hold, or 0 for as many as fit. Default 0. */
  readonly mostEntries?: number;
  /** Pages kept in memory; more only while all are in use. Takes precedence over `poolBytes`. */
  readonly poolFrames?: number;
  /** Memory for pages and what is kept beside them. Default 64 MiB. */
  readonly poolBytes?: number;
  /** Bytes after which the log goes on in another file. Default 16 MiB. */
  readonly segmentBytes?: number;
  /** Bytes of log after which a checkpoint is due. Default 64 MiB. */
  readonly checkpointBytes?: number;
  /** Whether a database is made where there is none. Default true. */
  readonly create?: boolean;
  readonly checksum?: Checksum;
  /** Handlers of what the log holds beside changes of pages. Default: none. */
  readonly handlers?: RecordHandlers;
  /** The task that opens it, as its driver knows it. Default the first. */
  readonly task?: TaskId;
  readonly parts?: Partial<EngineParts>;
}

/** For whoever takes {@link EngineOptions}. */
export const ENGINE_OPTION_NAMES: readonly string[] = optionNames<EngineOptions>({
  disk: true,
  host: true,
  latches: true,
  protocol: true,
  tree: true,
  policy: true,
  reads: true,
  writeBatching: true,
  atOnce: true,
  pathCache: true,
  preallocate: true,
  fairness: true,
  pageSize: true,
  mostEntries: true,
  poolFrames: true,
  poolBytes: true,
  segmentBytes: true,
  checkpointBytes: true,
  create: true,
  checksum: true,
  handlers: true,
  task: true,
  parts: true,
});

const COUNTS = ["poolFrames", "poolBytes", "segmentBytes", "checkpointBytes"] as const;

/**
 * Rejects what is no count where one is expected: a string would be compared as a number, and added
 * as a string.
 *
 * @throws LatchworkError BAD_ARGUMENT.
 */
export function refuseOddCounts(options: Partial<EngineOptions>): void {
  for (const name of COUNTS) {
    const count = options[name];
    if (count === undefined || (Number.isSafeInteger(count) && count > 0)) continue;
    const message = `${name} must be a whole number above 0, not ${inWords(count)}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
}

/** Switches of the critical path; each is off if it is left out. */
export const SWITCHES = ["atOnce", "pathCache", "preallocate"] as const;

/** @throws LatchworkError BAD_ARGUMENT for a switch that is neither on nor off. */
export function refuseOddSwitches(options: {
  readonly [name in (typeof SWITCHES)[number]]?: unknown;
}): void {
  for (const name of SWITCHES) {
    const given = options[name];
    if (given === undefined || typeof given === "boolean") continue;
    const message = `${name} must be true or false, not ${inWords(given)}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
}

/** A pool with fewer could not hold what one operation works on. */
export const FEWEST_POOL_FRAMES = 8;

type PoolOptions = Pick<EngineOptions, "poolFrames" | "poolBytes">;

/**
 * How many pages are kept in memory, if each has so many bytes.
 *
 * @throws LatchworkError BAD_ARGUMENT if there is not room for {@link FEWEST_POOL_FRAMES}.
 */
export function poolFramesOf(
  { poolFrames, poolBytes = ENGINE_DEFAULTS.poolBytes }: PoolOptions,
  pageSize: number,
): number {
  const frames = poolFrames ?? framesIn(poolBytes, pageSize);
  if (frames >= FEWEST_POOL_FRAMES) return frames;
  const least = FEWEST_POOL_FRAMES * (pageSize + BYTES_BESIDE_A_PAGE);
  throw new LatchworkError(
    "BAD_ARGUMENT",
    poolFrames === undefined
      ? `poolBytes must be ${least} or more with pages of ${pageSize} bytes, not ${poolBytes}`
      : `the pool must have room for ${FEWEST_POOL_FRAMES} pages or more, not ${poolFrames}`,
  );
}

/** The defaults of options that are absent. */
export const ENGINE_DEFAULTS: Required<
  Pick<EngineOptions, "pageSize" | "mostEntries" | "poolBytes" | "segmentBytes" | "checkpointBytes">
> = {
  pageSize: 4096,
  mostEntries: 0,
  poolBytes: 64 * 1024 * 1024,
  segmentBytes: 16 * 1024 * 1024,
  checkpointBytes: 64 * 1024 * 1024,
};
