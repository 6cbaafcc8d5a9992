import { type Checksum, type Lsn } from "../storage/index.ts";
import {
  ACCESS_WRITE,
  assert,
  type Disk,
  type DiskFile,
  type DiskRequest,
  type Host,
  LatchworkError,
  Monitor,
  type Task,
} from "../task/index.ts";
import { NEW_SEGMENT_FILE, SEGMENT_HEADER_BYTES, segmentName } from "./log-format.ts";
import { segmentHeader } from "./segment-header.ts";

/**
 * Makes the file of the segment that begins at a position, empties one that has the name, and makes
 * both the header and the name durable. Four requests to the disk.
 *
 * @throws LatchworkError LOG_FAILED if a sync fails; NO_SPACE or DISK_ERROR.
 */
export function* createLogSegment(disk: Disk, start: Lsn, checksum: Checksum): Task<DiskFile> {
  const name = segmentName(start);
  const file = yield* disk.open(name, "create");
  try {
    yield* file.write(0, segmentHeader(start, checksum));
    yield* syncOrFail(name, file.sync());
    yield* syncOrFail(name, disk.syncDirectory());
  } catch (error) {
    yield* file.close();
    throw error;
  }
  return file;
}

/**
 * Replaces the segment that begins at a position by a new one, atomically: a crash leaves the old
 * one or the new one. To empty the old one where it lies would let a crash put parts of it together
 * again, a header that is gone before a block that is not.
 *
 * @throws LatchworkError LOG_FAILED if a sync fails; NO_SPACE or DISK_ERROR.
 */
export function* replaceLogSegment(disk: Disk, start: Lsn, checksum: Checksum): Task<DiskFile> {
  const name = segmentName(start);
  const file = yield* disk.open(NEW_SEGMENT_FILE, "create");
  try {
    yield* file.write(0, segmentHeader(start, checksum));
    yield* syncOrFail(NEW_SEGMENT_FILE, file.sync());
  } finally {
    yield* file.close();
  }
  yield* disk.rename(NEW_SEGMENT_FILE, name);
  yield* syncOrFail(name, disk.syncDirectory());
  return yield* disk.open(name, "write");
}

/** Waits for a sync. One that fails is never asked for again, whatever its fault is. */
export function* syncOrFail(name: string, request: DiskRequest<void>): Task<void> {
  try {
    yield* request;
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    throw new LatchworkError("LOG_FAILED", `${name}: a sync failed: ${error.message}`);
  }
}

/**
 * The log's files, of which the last is written.
 *
 * Invariants: (1) a segment is made only when everything before it is durable, so that wherever one
 * exists, its predecessors are whole; (2) its header and its name are durable before its first
 * block is written.
 *
 * Only the task that leads a flush writes; but a checkpoint takes the oldest off the list.
 */
export class LogSegments {
  readonly #disk: Disk;
  readonly #checksum: Checksum;
  readonly #bytesMax: number;
  readonly #starts: Lsn[];
  readonly #list: Monitor;
  #file: DiskFile;
  #start: Lsn;
  #length = SEGMENT_HEADER_BYTES;

  /** @param starts Where the segments begin, ascending; `file` is the last one's. */
  constructor(
    host: Host,
    disk: Disk,
    checksum: Checksum,
    bytesMax: number,
    starts: Lsn[],
    file: DiskFile,
  ) {
    const start = starts.at(-1);
    assert(start !== undefined, "a log has a segment");
    this.#disk = disk;
    this.#checksum = checksum;
    this.#bytesMax = bytesMax;
    this.#starts = starts;
    this.#list = new Monitor(host, "the log's segments");
    this.#file = file;
    this.#start = start;
  }

  /** How many files there are. */
  get count(): number {
    return this.#starts.length;
  }

  /** Whether the next block belongs into a segment of its own. */
  get isFull(): boolean {
    return this.#length >= this.#bytesMax;
  }

  /** Begins the next segment. Requires: everything before `start` is durable. */
  *rotate(start: Lsn): Task<void> {
    const full = this.#file;
    const file = yield* createLogSegment(this.#disk, start, this.#checksum);
    this.#file = file;
    this.#start = start;
    this.#length = SEGMENT_HEADER_BYTES;
    this.#list.touch(ACCESS_WRITE);
    this.#starts.push(start);
    yield* full.close();
  }

  /** Writes a block to its place, which follows from its position: a second try overwrites. */
  *write(start: Lsn, bytes: Uint8Array): Task<void> {
    const at = SEGMENT_HEADER_BYTES + (start - this.#start);
    yield* this.#file.write(at, bytes);
    this.#length = at + bytes.length;
  }

  /** @throws LatchworkError LOG_FAILED if it fails. */
  *sync(): Task<void> {
    yield* syncOrFail(this.#file.name, this.#file.sync());
  }

  /** As {@link DiskFile.confirm}, of the segment that is written. */
  confirm(): void {
    this.#file.confirm();
  }

  /** Removes the segments that lie wholly below a position; gives their number. */
  *removeBelow(position: Lsn): Task<number> {
    let removed = 0;
    for (;;) {
      this.#list.touch(ACCESS_WRITE);
      const [oldest, next] = this.#starts;
      if (oldest === undefined || next === undefined || next > position) break;
      this.#starts.shift();
      yield* this.#disk.remove(segmentName(oldest));
      removed++;
    }
    if (removed > 0) yield* this.#disk.syncDirectory();
    return removed;
  }

  *close(): Task<void> {
    yield* this.#file.close();
  }
}
