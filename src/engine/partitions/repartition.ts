import { maxEntryBytes, protocolNamed, treeParameters } from "../../btree/index.ts";
import { DIRECT_DRIVER } from "../../latch/index.ts";
import { type Checksum, crc32, framesIn } from "../../storage/index.ts";
import {
  assert,
  type Disk,
  type Host,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  type Session,
  type Task,
} from "../../task/index.ts";
import { type Control, PAGES_FILE, policyNamed, readControl } from "../../wal/index.ts";
import { ENGINE_DEFAULTS, type EngineOptions, FEWEST_POOL_FRAMES } from "../engine-options.ts";
import { openEngine } from "../open-engine.ts";
import { makePartitions } from "./create-partitions.ts";
import { partitionOfKey } from "./key-hash.ts";
import { removeLeftOvers } from "./left-overs.ts";
import { openPartitioned, refuseOddPartitions } from "./open-partitioned.ts";
import { PartitionWriter } from "./partition-writer.ts";
import {
  type PartitionLayout,
  partitionName,
  readPartitions,
  writePartitions,
} from "./partitions-file.ts";
import { RowParts, type RowSource } from "./row-parts.ts";
import { RowTally } from "./row-tally.ts";

/** What a repartition does at the moment, and how far it is. */
export interface RepartitionProgress {
  readonly stage: "copy" | "verify";
  /** In rows. */
  readonly done: number;
  /** Null while nobody knows how many there are. */
  readonly total: number | null;
}

/** How a database is divided anew. */
export interface RepartitionOptions {
  /** The directory of the database, which nobody else has open. */
  readonly disk: Disk;
  readonly host: Host;
  /** How many partitions there are to be, 1 to {@link PARTITIONS_MAX}. */
  readonly partitions: number;
  readonly checksum?: Checksum;
  /** Memory for pages, of what is read and what is written together. Default 64 MiB. */
  readonly poolBytes?: number;
  /** Bytes that are free on the disk, where that is known: too few are refused at the start. */
  readonly freeBytes?: number;
  readonly onProgress?: (progress: RepartitionProgress) => void;
}

const OPTION_NAMES = optionNames<RepartitionOptions>({
  disk: true,
  host: true,
  partitions: true,
  checksum: true,
  poolBytes: true,
  freeBytes: true,
  onProgress: true,
});

/** The rows of a database that was divided anew. */
export interface CopiedRows {
  readonly rows: number;
  /** Of all keys and values. */
  readonly bytes: number;
  /** Of each new partition. */
  readonly rowsOfEach: readonly number[];
}

/** What a repartition did. */
export interface RepartitionReport {
  readonly partitionsBefore: number;
  readonly partitions: number;
  /** Null if there were as many before: then nothing was touched. */
  readonly copied: CopiedRows | null;
}

/** Rows are gathered up to so many bytes before they are written. */
const GATHERED_BYTES = 4 * 1024 * 1024;
/** The most bytes of rows that one read may give. */
const READ_BYTES = 1024 * 1024;
/** A partition's log may grow to this before a checkpoint, whatever is left of the whole. */
const FEWEST_CHECKPOINT_BYTES = 1024 * 1024;

/**
 * Divides a database into another number of partitions, while nobody has it open.
 *
 * The new partitions are a generation of their own: built beside the old ones, filled, read once
 * more from the disk and compared; all of that is durable before the file `partitions` is
 * replaced, at one stroke, by one that names them. Only then are the old ones removed. So a crash
 * leaves the old database or the new one, whole, and what is left over of the other is removed when
 * the directory is opened next.
 *
 * Time: O(n log n) for n rows. Memory: the pool and a few MiB, whatever n is.
 *
 * @throws LatchworkError BAD_ARGUMENT for a number of partitions that cannot be; NOT_A_DATABASE;
 *   NO_SPACE, after which the database is what it was; what opening it throws; DISK_ERROR.
 */
export function* repartition(options: RepartitionOptions): Task<RepartitionReport> {
  refuseUnknownOptions("repartition", options, OPTION_NAMES);
  return yield* new Repartition(options).run();
}

/** One division of a database; {@link repartition} says how. */
export class Repartition {
  protected readonly disk: Disk;
  readonly #options: RepartitionOptions;
  readonly #checksum: Checksum;
  readonly #read: RowTally;

  constructor(options: RepartitionOptions) {
    refuseNoPartitions(options);
    refuseOddPartitions(options.partitions);
    this.disk = options.disk;
    this.#options = options;
    this.#checksum = options.checksum ?? crc32;
    this.#read = new RowTally(this.#checksum);
  }

  *run(): Task<RepartitionReport> {
    const { partitions } = this.#options;
    const stored = yield* readPartitions(this.disk, this.#checksum);
    const control = yield* this.#controlOf(stored);
    const before = stored?.partitions ?? 1;
    if (before === partitions) return { partitionsBefore: before, partitions, copied: null };
    yield* this.#refuseTooLittleSpace(stored);
    const next = { partitions, generation: (stored?.generation ?? 0) + 1 };
    let rowsOfEach: readonly number[];
    try {
      rowsOfEach = yield* this.#build(next, control);
      yield* this.#verify(next, control, rowsOfEach);
    } catch (error) {
      if (error instanceof LatchworkError) yield* this.#discard(stored);
      throw error;
    }
    // If something fails from here on, nobody knows which of the two counts: both stay.
    yield* this.switchTo(next);
    yield* this.removeOld(next);
    const { rows, bytes } = this.#read;
    return { partitionsBefore: before, partitions, copied: { rows, bytes, rowsOfEach } };
  }

  /** From here on the new partitions count, and the old ones do not. */
  protected switchTo(next: PartitionLayout): Task<void> {
    return writePartitions(this.disk, next, this.#checksum);
  }

  protected removeOld(next: PartitionLayout): Task<void> {
    return removeLeftOvers(this.disk, next);
  }

  /** What a partition of the database was made with; of a damaged database, why there is none. */
  *#controlOf(stored: PartitionLayout | null): Task<Control> {
    const control = yield* readControl(yield* directoryOf(this.disk, stored, 0), this.#checksum);
    if (control !== null) return control;
    throw new LatchworkError("NOT_A_DATABASE", "the directory holds no database");
  }

  *#refuseTooLittleSpace(stored: PartitionLayout | null): Task<void> {
    const { freeBytes } = this.#options;
    if (freeBytes === undefined) return;
    let needed = 0;
    for (let index = 0; index < (stored?.partitions ?? 1); index++) {
      const disk = yield* directoryOf(this.disk, stored, index);
      const file = yield* disk.open(PAGES_FILE, "read");
      needed += yield* file.size();
      yield* file.close();
    }
    if (needed <= freeBytes) return;
    const what = `the new partitions need about ${needed} bytes beside the old ones`;
    throw new LatchworkError("NO_SPACE", `${what}, and ${freeBytes} are free; nothing was changed`);
  }

  /** Makes the new partitions and fills them; gives the rows of each. */
  *#build(next: PartitionLayout, control: Control): Task<readonly number[]> {
    const source = yield* openPartitioned({
      ...this.#engineOptions(control, 1),
      disk: this.disk,
      create: false,
    });
    const session = source.borrow();
    const writers: PartitionWriter[] = [];
    const closings = (): Task<void>[] => [
      ...writers.map((writer) => writer.close()),
      source.close(session),
    ];
    try {
      const options = this.#engineOptions(control, next.partitions);
      yield* makePartitions({ ...options, disk: this.disk }, next);
      for (let index = 0; index < next.partitions; index++) {
        const disk = yield* directoryOf(this.disk, next, index);
        writers.push(new PartitionWriter(yield* openEngine({ ...options, disk, create: false })));
      }
      yield* this.#copy(source, session, writers, control);
    } catch (error) {
      if (error instanceof LatchworkError) yield* quietly(closeAll(closings()));
      throw error;
    }
    yield* closeAll(closings());
    return writers.map(({ rows }) => rows);
  }

  *#copy(
    source: RowSource,
    session: Session,
    writers: readonly PartitionWriter[],
    control: Control,
  ): Task<void> {
    const copied = this.#read;
    const limit = rowsAtATime(control);
    let written = 0;
    const row = (key: Uint8Array, value: Uint8Array): void => {
      copied.add(key, value);
      writers[partitionOfKey(key, writers.length)]?.add(key, value);
    };
    for (const part of new RowParts(source, session, limit, row)) {
      const isLast = yield* part;
      if (isLast || copied.bytes - written >= GATHERED_BYTES) {
        for (const writer of writers) yield* writer.flush();
        written = copied.bytes;
      }
      this.#report("copy", copied.rows, null);
    }
  }

  /** Reads the new partitions from the disk, and compares them with what was copied. */
  *#verify(next: PartitionLayout, control: Control, rowsOfEach: readonly number[]): Task<void> {
    const found = new RowTally(this.#checksum);
    for (const [index, rows] of rowsOfEach.entries()) {
      const before = found.rows;
      const options = { ...this.#engineOptions(control, 1), create: false };
      const disk = yield* directoryOf(this.disk, next, index);
      const engine = yield* openEngine({ ...options, disk });
      const session = engine.borrow();
      const row = (key: Uint8Array, value: Uint8Array): void => {
        const isRight = partitionOfKey(key, next.partitions) === index;
        assert(isRight, "a row is in the partition of its key");
        found.add(key, value);
      };
      try {
        for (const part of new RowParts(engine, session, rowsAtATime(control), row)) {
          yield* part;
          this.#report("verify", found.rows, this.#read.rows);
        }
      } finally {
        yield* engine.close(session);
      }
      assert(found.rows - before === rows, "a new partition has the rows that were written to it");
    }
    assert(found.equals(this.#read), "the new partitions have the rows of the old ones");
  }

  #report(stage: RepartitionProgress["stage"], done: number, total: number | null): void {
    this.#options.onProgress?.({ stage, done, total });
  }

  /** Removes what was built, as far as that can be done now; the next opening removes the rest. */
  *#discard(stored: PartitionLayout | null): Task<void> {
    yield* quietly(removeLeftOvers(this.disk, stored));
  }

  /** How the old database is opened, or one new partition where there are `count` of them. */
  #engineOptions({ pageSize, mostEntries }: Control, count: number): Omit<EngineOptions, "disk"> {
    const { host, poolBytes = ENGINE_DEFAULTS.poolBytes } = this.#options;
    // Half for the one that is read, half for all that are written.
    const frames = framesIn(poolBytes / 2 / count, pageSize);
    const checkpointBytes = Math.floor(ENGINE_DEFAULTS.checkpointBytes / count);
    return {
      host,
      latches: DIRECT_DRIVER,
      protocol: protocolNamed("tree-mutex"),
      policy: policyNamed("each"),
      checksum: this.#checksum,
      pageSize,
      mostEntries,
      poolFrames: Math.max(FEWEST_POOL_FRAMES, frames),
      checkpointBytes: Math.max(FEWEST_CHECKPOINT_BYTES, checkpointBytes),
    };
  }
}

/** For programs without types. */
function refuseNoPartitions(options: Partial<RepartitionOptions>): void {
  if (options.partitions !== undefined) return;
  const message = "repartition has to be told how many partitions there are to be";
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/** The directory of a partition; where there are none, that of the database. */
function* directoryOf(disk: Disk, stored: PartitionLayout | null, index: number): Task<Disk> {
  if (stored === null) return disk;
  return yield* disk.directory(partitionName(stored.generation, index), "open");
}

/** How many rows are read at a time, so that they cannot be more bytes than {@link READ_BYTES}. */
function rowsAtATime({ pageSize, mostEntries }: Control): number {
  return Math.floor(READ_BYTES / maxEntryBytes(treeParameters(pageSize, mostEntries)));
}

/** Closes all, whatever happens to one; then throws the first fault. */
function* closeAll(closings: readonly Task<void>[]): Task<void> {
  let first: LatchworkError | null = null;
  for (const closing of closings) {
    try {
      yield* closing;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      first ??= error;
    }
  }
  if (first !== null) throw first;
}

/** Does what another fault has made necessary; a fault of its own is not the one to report. */
function* quietly(task: Task<void>): Task<void> {
  try {
    yield* task;
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
  }
}
