import { treeParameters } from "../../btree/index.ts";
import { type Cleaner, PoolFrames } from "../../storage/index.ts";
import {
  assert,
  type Disk,
  type Host,
  inWords,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  type Session,
  type Task,
} from "../../task/index.ts";
import { CONTROL_FILE, readControl } from "../../wal/index.ts";
import type { Engine } from "../engine.ts";
import {
  ENGINE_DEFAULTS,
  ENGINE_OPTION_NAMES,
  type EngineOptions,
  poolFramesOf,
  refuseOddCounts,
} from "../engine-options.ts";
import { beginOpening, openEngine, type Opening, type Together } from "../open-engine.ts";
import { refuseForeign } from "../cut-off-creation.ts";
import type { EngineState } from "../engine-state.ts";
import { TaskNumbers } from "../sessions.ts";
import { BatchOverPartitions } from "./batch-over-partitions.ts";
import { BatchRecovery } from "./batch-recovery.ts";
import { clearCutOffCreation, createPartitions } from "./create-partitions.ts";
import { removeLeftOvers } from "./left-overs.ts";
import { Partition } from "./partition.ts";
import { ROWS_AHEAD } from "./partition-cursor.ts";
import { PartitionedEngine, type PartitionedState } from "./partitioned-engine.ts";
import {
  type PartitionLayout,
  partitionName,
  PARTITIONS_MAX,
  readPartitions,
} from "./partitions-file.ts";

/** Makes the parts of a table in partitions; a planted bug replaces one of them. */
export interface PartitionParts {
  makePartition(state: EngineState): Partition;
  makeBatches(...given: ConstructorParameters<typeof BatchOverPartitions>): BatchOverPartitions;
  makeBatchRecovery(...given: ConstructorParameters<typeof BatchRecovery>): BatchRecovery;
  makePartitioned(state: PartitionedState): PartitionedEngine;
  /** Called as a checkpoint of a partition is about to be complete. */
  settle(partitions: readonly Partition[], index: number): Task<void>;
}

/** How a table is opened that may be in partitions. */
export interface PartitionedOptions extends EngineOptions {
  /**
   * How many partitions, from 1 to 256: of a new table 1 if absent, of one that exists its own. The
   * memory of the pool and the bytes after which a checkpoint is due are for all together.
   */
  readonly partitions?: number;
  /** The most rows that a scan reads ahead in each partition. Default 256. */
  readonly rowsAhead?: number;
  readonly partitionParts?: Partial<PartitionParts>;
}

const OPTION_NAMES: readonly string[] = [
  ...ENGINE_OPTION_NAMES,
  ...optionNames<Pick<PartitionedOptions, "partitions" | "rowsAhead" | "partitionParts">>({
    partitions: true,
    rowsAhead: true,
    partitionParts: true,
  }),
];

/** What a partition is called in reports, and by the driver of latches. */
export function partitionTree(index: number, table: string = ""): string {
  return table === "" ? `partition ${index}` : `partition ${index} of ${table}`;
}

/**
 * Opens the table of a directory, or makes it, in partitions or not, as the directory says or is
 * asked for.
 *
 * @throws LatchworkError as {@link openEngine}; BAD_ARGUMENT if the table has another number of
 *   partitions.
 */
export function* openTable(given: PartitionedOptions): Task<Engine | PartitionedEngine> {
  const { layout, options } = yield* layoutOf(given);
  return layout === null ? yield* openEngine(options) : yield* openLayout(given, layout);
}

/**
 * As {@link openTable}, but a table that is not divided is taken for one of one partition, if it is
 * so already: a new one is laid out in partitions also if it is one.
 */
export function* openPartitioned(given: PartitionedOptions): Task<PartitionedEngine> {
  const { layout } = yield* layoutOf(given, true);
  return yield* openLayout(given, layout);
}

/** How a table is laid out that is there, or that was made. Null if it is not in partitions. */
function* layoutOf(
  given: PartitionedOptions,
  inPartitions: boolean = false,
): Task<{ readonly layout: PartitionLayout | null; readonly options: EngineOptions }> {
  refuseUnknownOptions("openPartitioned", given, OPTION_NAMES);
  const { partitions, rowsAhead, partitionParts: _, ...options } = given;
  refuseOddCounts(options);
  refuseOddRowsAhead(rowsAhead);
  refuseOddPartitions(partitions);
  if (options.pageSize !== undefined) treeParameters(options.pageSize);
  const { disk } = options;
  const layout = yield* readPartitions(disk, options.checksum);
  if (layout !== null) {
    refuseOtherNumber(layout.partitions, partitions);
    yield* removeLeftOvers(disk, layout);
    return { layout, options };
  }
  if ((yield* disk.list()).includes(CONTROL_FILE)) {
    refuseOtherNumber(1, partitions);
    yield* removeLeftOvers(disk, null);
    return { layout, options };
  }
  yield* clearCutOffCreation(options);
  if (!inPartitions && (partitions ?? 1) === 1) return { layout, options };
  yield* refuseForeign(options);
  poolFramesOf(options, options.pageSize ?? ENGINE_DEFAULTS.pageSize);
  const made = yield* createPartitions(options, partitions ?? 1);
  // A plain creation that was cut off before this one has left files too.
  yield* removeLeftOvers(disk, made);
  return { layout: made, options };
}

/** @throws LatchworkError BAD_ARGUMENT. */
export function refuseOddPartitions(partitions: number | undefined): void {
  if (partitions === undefined) return;
  const isCount = Number.isSafeInteger(partitions);
  if (isCount && partitions >= 1 && partitions <= PARTITIONS_MAX) return;
  const expected = `a whole number from 1 to ${PARTITIONS_MAX}`;
  const message = `partitions must be ${expected}, not ${inWords(partitions)}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

function refuseOddRowsAhead(rows: number | undefined): void {
  if (rows === undefined || (Number.isSafeInteger(rows) && rows > 0)) return;
  const message = `rowsAhead must be a whole number above 0, not ${inWords(rows)}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

function refuseOtherNumber(stored: number, wanted: number | undefined): void {
  if (wanted === undefined || wanted === stored) return;
  const how = `leave it out, or run latchwork repartition DIR --partitions ${wanted}`;
  const what = `partitions is ${wanted}, but the database was made with ${stored}`;
  throw new LatchworkError("BAD_ARGUMENT", `${what}; ${how}`);
}

/** Opens a table that is laid out so. A null layout is a database that is not divided. */
function* openLayout(
  given: PartitionedOptions,
  layout: PartitionLayout | null,
): Task<PartitionedEngine> {
  const opening = new PartitionsOpening(given, layout);
  try {
    return yield* opening.run();
  } catch (error) {
    if (error instanceof LatchworkError) yield* opening.abandon();
    throw error;
  }
}

/** @throws LatchworkError NOT_A_DATABASE if it is missing. */
export function* openPartitionDirectory(
  disk: Disk,
  layout: PartitionLayout,
  index: number,
): Task<Disk> {
  const name = partitionName(layout.generation, index);
  try {
    return yield* disk.directory(name, "open");
  } catch (error) {
    if (!(error instanceof LatchworkError && error.code === "NO_SUCH_FILE")) throw error;
    const message = `${name}: missing, expected ${layout.partitions} partitions`;
    throw new LatchworkError("NOT_A_DATABASE", message);
  }
}

/**
 * Opens all partitions, one after the other: first each is recovered, then the batches in doubt are
 * made or dropped, and only then the checkpoints are made after which no log has them any more.
 */
class PartitionsOpening {
  readonly #options: EngineOptions;
  readonly #rowsAhead: number;
  readonly #parts: Partial<PartitionParts>;
  readonly #layout: PartitionLayout | null;
  readonly #host: Host;
  readonly #partitions: Partition[] = [];
  readonly #recoveries: BatchRecovery[] = [];
  readonly #openings: Opening[] = [];
  readonly #cleaners: Cleaner[] = [];
  readonly #numbers: TaskNumbers;
  #frames: PoolFrames | null = null;

  constructor(given: PartitionedOptions, layout: PartitionLayout | null) {
    const { partitions: _, rowsAhead = ROWS_AHEAD, partitionParts = {}, ...options } = given;
    this.#options = options;
    this.#rowsAhead = rowsAhead;
    this.#parts = partitionParts;
    this.#layout = layout;
    this.#host = options.host;
    this.#numbers = new TaskNumbers(options.host);
  }

  *run(): Task<PartitionedEngine> {
    const count = this.#layout?.partitions ?? 1;
    for (let index = 0; index < count; index++) {
      const disk = yield* this.#directoryOf(index);
      yield* this.#inPartition(index, this.#begin(index, count, disk));
    }
    yield* this.#endBatches();
    for (const [index, opening] of this.#openings.entries()) {
      yield* this.#inPartition(index, opening.finish());
    }
    return this.#assemble();
  }

  /** Closes whatever is open. */
  *abandon(): Task<void> {
    for (const opening of this.#openings) yield* opening.abandon();
  }

  /** Names the partition in what its opening throws. */
  *#inPartition(index: number, task: Task<void>): Task<void> {
    try {
      yield* task;
    } catch (error) {
      if (!(error instanceof LatchworkError) || this.#layout === null) throw error;
      const name = partitionName(this.#layout.generation, index);
      throw new LatchworkError(error.code, `${name}: ${error.message}`);
    }
  }

  *#begin(index: number, count: number, disk: Disk): Task<void> {
    const options = this.#options;
    this.#frames ??= yield* this.#makeFrames(disk);
    const recovery =
      this.#parts.makeBatchRecovery?.(index, options.handlers) ??
      new BatchRecovery(index, options.handlers);
    const { checkpointBytes = ENGINE_DEFAULTS.checkpointBytes, tree } = options;
    const together: Together = {
      frames: this.#frames,
      cleaners: this.#cleaners,
      taskNumbers: this.#numbers,
      settle: () => this.#settle(index),
      failed: (error) => this.#failAll(error),
    };
    const own: EngineOptions = {
      ...options,
      disk,
      tree: partitionTree(index, tree),
      create: false,
      handlers: recovery.handlers,
      checkpointBytes: Math.ceil(checkpointBytes / count),
      parts: { ...options.parts, makeEngine: (state) => this.#makePartition(state) },
    };
    const opening = yield* beginOpening(own, together);
    this.#openings.push(opening);
    this.#recoveries.push(recovery);
  }

  *#directoryOf(index: number): Task<Disk> {
    const { disk } = this.#options;
    const layout = this.#layout;
    return layout === null ? disk : yield* openPartitionDirectory(disk, layout, index);
  }

  *#makeFrames(disk: Disk): Task<PoolFrames> {
    const options = this.#options;
    const control = yield* readControl(disk);
    const pageSize = control?.pageSize ?? ENGINE_DEFAULTS.pageSize;
    return new PoolFrames(pageSize, poolFramesOf(options, pageSize), this.#host);
  }

  #makePartition(state: EngineState): Partition {
    const partition = this.#parts.makePartition?.(state) ?? new Partition(state);
    this.#partitions.push(partition);
    return partition;
  }

  /** What one partition cannot keep any more, no other one goes on without. */
  #failAll(error: LatchworkError): void {
    for (const { state } of this.#partitions) {
      if (state.log.state !== "failed") state.log.poison(error);
    }
  }

  #settle(index: number): Task<void> {
    return (this.#parts.settle ?? settleBatches)(this.#partitions, index);
  }

  /** Makes what is in doubt and was decided; what was not is dropped. */
  *#endBatches(): Task<void> {
    const session = this.#partitions[0]?.borrow(this.#options.task);
    assert(session !== undefined, "there is one partition at least");
    for (const [index, recovery] of this.#recoveries.entries()) {
      const partition = this.#partitions[index];
      assert(partition !== undefined, "each partition has recovered");
      yield* this.#inPartition(index, this.#endBatchesIn(partition, recovery, session));
    }
  }

  *#endBatchesIn(partition: Partition, recovery: BatchRecovery, session: Session): Task<void> {
    for (const prepared of recovery.inDoubt) {
      const coordinator = this.#recoveries[prepared.coordinator];
      if (coordinator?.hasDecided(prepared.batch) !== true) continue;
      yield* partition.enterBatch(session);
      try {
        yield* partition.makePrepared(session, prepared);
      } finally {
        partition.leaveBatch(session);
      }
    }
    yield* partition.flushEnds();
  }

  #assemble(): PartitionedEngine {
    const partitions = this.#partitions;
    const poison = (error: LatchworkError): void => {
      for (const partition of partitions) partition.poison(error);
    };
    const highest = Math.max(...this.#recoveries.map((recovery) => recovery.highest));
    const batches =
      this.#parts.makeBatches?.(this.#host, highest + 1, poison) ??
      new BatchOverPartitions(this.#host, highest + 1, poison);
    const state = { host: this.#host, partitions, batches, rowsAhead: this.#rowsAhead };
    return this.#parts.makePartitioned?.(state) ?? new PartitionedEngine(state);
  }
}

/**
 * What a checkpoint of a partition waits for before redo begins later: the batch that is open
 * there is over, so that what it prepared or decided has an end in each log; and these ends are
 * durable, so that nobody will ask for what the checkpoint removes.
 */
export function* settleBatches(partitions: readonly Partition[], index: number): Task<void> {
  const over = partitions[index]?.openBatch.whenOver() ?? null;
  if (over !== null) yield over;
  for (const partition of partitions) yield* partition.flushEnds();
}
