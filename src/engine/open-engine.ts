import {
  applyRedo,
  finishTree,
  type TreeParameters,
  treeParameters,
  TreeStore,
  withShortcuts,
} from "../btree/index.ts";
import { type LatchId, latchId, LatchOwner, LatchTable } from "../latch/index.ts";
import {
  BufferPool,
  type BufferPoolOptions,
  Cleaner,
  type CleanerOptions,
  crc32,
  type Lsn,
  type PageId,
  type PoolFrames,
  SpaceMap,
} from "../storage/index.ts";
import {
  type DiskFile,
  LatchworkError,
  NamedHost,
  refuseUnknownOptions,
  type Task,
  taskId,
} from "../task/index.ts";
import {
  Checkpoint,
  type CheckpointOptions,
  type Control,
  type Log,
  openLog,
  PAGES_FILE,
  readControl,
  Recovery,
  type RecoveryOptions,
} from "../wal/index.ts";
import { writeBatchingOf } from "./batching/write-batching.ts";
import { createDatabase } from "./create-database.ts";
import { refuseForeign } from "./cut-off-creation.ts";
import { Engine } from "./engine.ts";
import type { EngineState } from "./engine-state.ts";
import {
  ENGINE_DEFAULTS,
  ENGINE_OPTION_NAMES,
  type EngineOptions,
  poolFramesOf,
  refuseOddCounts,
  refuseOddSwitches,
} from "./engine-options.ts";
import type { TaskNumbers } from "./sessions.ts";

const FIRST_TASK = taskId(0);

/**
 * Opens the database of a directory: makes it if there is none, and brings it to the state of its
 * last durable change if it was not closed.
 *
 * Recovery ends with a checkpoint, so a crash during it is as harmless as the one before: the files
 * it started from stay what they are until that checkpoint is complete.
 *
 * @throws LatchworkError NOT_A_DATABASE, BAD_PAGE, BAD_LOG, DISK_ERROR or NO_SPACE; BAD_ARGUMENT
 *   for an option that cannot be, or that there is not.
 */
export function* openEngine(given: EngineOptions): Task<Engine> {
  refuseUnknownOptions("openEngine", given, ENGINE_OPTION_NAMES);
  const opening = yield* beginOpening(given);
  try {
    yield* opening.finish();
  } catch (error) {
    if (error instanceof LatchworkError) yield* opening.abandon();
    throw error;
  }
  return opening.engine;
}

/** What an engine has together with others of one database. */
export interface Together {
  /** The frames of all of them. Default: its own, as many as the options say. */
  readonly frames?: PoolFrames;
  /** Their cleaners, among which an engine puts its own: each helps the others to free frames. */
  readonly cleaners?: Cleaner[];
  readonly taskNumbers?: TaskNumbers;
  /** Called with why the log of this one has failed. */
  readonly failed?: (error: LatchworkError) => void;
  /** See CheckpointOptions.settle. */
  readonly settle?: (position: Lsn) => Task<void>;
}

/** An engine that has recovered, and whose files still are those that it recovered from. */
export interface Opening {
  readonly engine: Engine;
  /** Makes the checkpoint with which recovery ends. If it fails, what is left is to abandon it. */
  finish(): Task<void>;
  /** Closes the files instead. The next opening begins anew. */
  abandon(): Task<void>;
}

/**
 * As {@link openEngine}, up to the checkpoint with which recovery ends: until then the log keeps
 * all that recovery has read.
 *
 * @throws LatchworkError as {@link openEngine}.
 */
export function* beginOpening(given: EngineOptions, together: Together = {}): Task<Opening> {
  const options = withNames(given);
  refuseOddCounts(options);
  refuseOddSwitches(options);
  if (options.pageSize !== undefined) treeParameters(options.pageSize);
  if (options.writeBatching !== undefined) writeBatchingOf(options.writeBatching);
  const { disk } = options;
  let control = yield* readControl(disk);
  const pageSize = control?.pageSize ?? options.pageSize ?? ENGINE_DEFAULTS.pageSize;
  const framesMax = poolFramesOf(options, pageSize);
  if (control === null) {
    yield* refuseForeign(options);
    control = yield* createDatabase(options);
  }
  const params = treeParameters(control.pageSize, control.mostEntries);
  refuseOtherParameters(params, options);
  const pagesFile = yield* disk.open(PAGES_FILE, "write");
  const opened: Opened = { log: null, recovery: null };
  try {
    const sizes = { ...params, framesMax };
    const engine = yield* openParts(options, control, { sizes, pagesFile, opened, together });
    const { task = FIRST_TASK, protocol, latches } = options;
    yield* finishTree(engine.state.store, protocol, task, latches);
    return {
      engine,
      finish: () => finishOpening(engine, options),
      abandon: () => closeFiles(pagesFile, opened),
    };
  } catch (error) {
    if (error instanceof LatchworkError) yield* closeFiles(pagesFile, opened);
    throw error;
  }
}

function* finishOpening(engine: Engine, { latches, task = FIRST_TASK }: EngineOptions): Task<void> {
  // Also when nothing was redone: only then may the segments before this one be removed.
  yield* engine.state.checkpoint.run(new LatchOwner(task, latches));
}

/** Names what the engine makes after its tree, if the tree has a name. */
function withNames(options: EngineOptions): EngineOptions {
  const { tree, host } = options;
  return tree === undefined ? options : { ...options, host: new NamedHost(host, tree) };
}

/**
 * What of an engine comes into being on the way. The pool asks it how far the log goes: until the
 * log is open, as far as recovery has read, all of which is durable.
 */
interface Opened {
  log: Log | null;
  recovery: Recovery | null;
}

/** Closes the files of an engine that could not be opened. */
function* closeFiles(pagesFile: DiskFile, { log }: Opened): Task<void> {
  try {
    if (log !== null) yield* log.close();
    yield* pagesFile.close();
  } catch (error) {
    // The fault that comes first is the one to report.
    if (!(error instanceof LatchworkError)) throw error;
  }
}

interface Underlay {
  readonly sizes: TreeParameters & { readonly framesMax: number };
  readonly pagesFile: DiskFile;
  readonly opened: Opened;
  readonly together: Together;
}

function* openParts(
  options: EngineOptions,
  control: Control,
  { sizes: { framesMax, ...params }, pagesFile, opened, together }: Underlay,
): Task<Engine> {
  const { disk, host, parts = {}, latches, protocol } = options;
  const checksum = options.checksum === undefined ? {} : { checksum: options.checksum };
  const flushTo = (position: Lsn): Task<void> => opened.log?.flushTo(position) ?? nothing();
  const pageCount = Math.floor((yield* pagesFile.size()) / params.pageSize);
  const table = makeTable(options);
  const pool = makePool(options, opened, table, {
    ...params,
    framesMax,
    file: pagesFile,
    pageCount,
    ...(together.frames === undefined ? {} : { frames: together.frames }),
  });
  const of = { pool, file: pagesFile, latches: table, flushTo };
  const cleaner = makeCleaner(options, of, together.cleaners);
  const owner = new LatchOwner(options.task ?? FIRST_TASK, latches);
  const recoveryOptions: RecoveryOptions = {
    disk,
    pool,
    control,
    host,
    applyRedo,
    shrink: () => cleaner.shrinkPool(owner),
    handlers: options.handlers ?? {},
    ...checksum,
  };
  const recovery = parts.makeRecovery?.(recoveryOptions) ?? new Recovery(recoveryOptions);
  opened.recovery = recovery;
  const report = yield* recovery.run();
  const log = yield* goOnWithLog(options, report.endLsn, together.failed);
  log.imageFloor = control.redoLsn;
  opened.log = log;
  const space = new SpaceMap(pool, host);
  yield* space.load(pool.capacity, PAGES_FILE);
  const store = TreeStore.over({ params, memory: pool, space, log, latches: table });
  const { settle, taskNumbers } = together;
  const settling = settle === undefined ? {} : { settle };
  const checkpointOptions: CheckpointOptions = {
    log,
    pool,
    cleaner,
    pagesFile,
    disk,
    control,
    ...settling,
  };
  const checkpoint = parts.makeCheckpoint?.(checkpointOptions) ?? new Checkpoint(checkpointOptions);
  const { reads = "committed", checkpointBytes = ENGINE_DEFAULTS.checkpointBytes } = options;
  const state: EngineState = {
    host,
    latches,
    protocol: withShortcuts(protocol, options, protocol.name),
    reads,
    store,
    pool,
    log,
    cleaner,
    checkpoint,
    pagesFile,
    checkpointBytes,
    checksum: options.checksum ?? crc32,
    recovery: report,
    ...extrasOf(options, taskNumbers),
  };
  return parts.makeEngine?.(state) ?? new Engine(state);
}

function makeCleaner(
  { host, protocol, checksum, parts }: EngineOptions,
  of: Pick<CleanerOptions, "pool" | "file" | "latches" | "flushTo">,
  together: Cleaner[] | undefined,
): Cleaner {
  const cleanerOptions: CleanerOptions = {
    ...of,
    host,
    coveringLatch: (id: PageId): LatchId => protocol.coveringLatch(id),
    ...(together === undefined ? {} : { together }),
    ...(checksum === undefined ? {} : { checksum }),
  };
  return parts?.makeCleaner?.(cleanerOptions) ?? new Cleaner(cleanerOptions);
}

function makeTable({ fairness = "fifo", latches, parts, tree = "" }: EngineOptions): LatchTable {
  const objects = latches.latchesOf(tree);
  return parts?.makeLatches?.(fairness, objects) ?? new LatchTable(fairness, objects);
}

function makePool(
  { host, checksum, parts, preallocate }: EngineOptions,
  opened: Opened,
  table: LatchTable,
  of: Pick<BufferPoolOptions, "pageSize" | "framesMax" | "file" | "pageCount" | "frames">,
): BufferPool {
  const poolOptions: BufferPoolOptions = {
    ...of,
    host,
    evicted: (id) => table.forget(latchId(id)),
    versionFloor: () => opened.log?.endLsn ?? 0,
    lsnCeiling: () => opened.log?.endLsn ?? opened.recovery?.endLsn ?? Number.POSITIVE_INFINITY,
    ...(checksum === undefined ? {} : { checksum }),
  };
  const pool = parts?.makePool?.(poolOptions) ?? new BufferPool(poolOptions);
  if (preallocate === true) pool.preallocate();
  return pool;
}

/** What an engine may do without. */
function extrasOf(
  { writeBatching }: EngineOptions,
  taskNumbers: TaskNumbers | undefined,
): Pick<EngineState, "taskNumbers" | "writeBatching"> {
  const batching = writeBatching && { writeBatching: writeBatchingOf(writeBatching) };
  return { ...batching, ...(taskNumbers && { taskNumbers }) };
}

/** The page size and the capacity of a database are those it was made with. */
function refuseOtherParameters(params: TreeParameters, options: EngineOptions): void {
  for (const name of ["pageSize", "mostEntries"] as const) {
    const wanted = options[name];
    if (wanted === undefined || wanted === params[name]) continue;
    throw new LatchworkError(
      "BAD_ARGUMENT",
      `${name} is ${wanted}, but the database was made with ${params[name]}; leave it out`,
    );
  }
}

/** Begins a new segment at the end that recovery found. */
function goOnWithLog(options: EngineOptions, startLsn: Lsn, failed: Together["failed"]): Task<Log> {
  const { disk, host, policy, checksum, parts } = options;
  return openLog({
    disk,
    host,
    policy,
    segmentBytes: options.segmentBytes ?? ENGINE_DEFAULTS.segmentBytes,
    startLsn,
    ...(checksum === undefined ? {} : { checksum }),
    ...(failed === undefined ? {} : { failed }),
    ...(parts?.makeLog === undefined ? {} : { make: parts.makeLog }),
  });
}

function* nothing(): Task<void> {}
