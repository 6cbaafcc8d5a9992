import { type Checksum, type Lsn, lsnOf } from "../storage/index.ts";
import { ACCESS_WRITE, assert, type Host, LatchworkError, Step, type Task } from "../task/index.ts";
import type { ChangeLog, PageChange } from "./change-log.ts";
import { CommitMeter } from "./commit-meter.ts";
import type { CommitLoad, CommitPolicy } from "./commit-policy.ts";
import { CommitQueue, type LogState } from "./commit-queue.ts";
import { beginGroup, endGroup, imageBytes, putImage, putOperations } from "./encode-group.ts";
import { type LogBlock } from "./log-block.ts";
import { BlockPool } from "./block-pool.ts";
import { CONTINUES_FLAG, GROUP_FLAGS_AT } from "./log-format.ts";
import type { LogSegments } from "./log-segments.ts";

/** What a log is put together from; see `openLog`. */
export interface LogParts {
  readonly host: Host;
  readonly checksum: Checksum;
  readonly policy: CommitPolicy;
  readonly segments: LogSegments;
  /** Where the log goes on: everything before is durable. */
  readonly startLsn: Lsn;
}

/** What the log has done since it was opened. Bytes are those of groups and block headers. */
export interface LogStats {
  readonly policy: string;
  readonly state: LogState;
  readonly endLsn: Lsn;
  readonly durableLsn: Lsn;
  readonly groups: number;
  readonly bytes: number;
  readonly images: number;
  readonly blocks: number;
  readonly flushes: number;
  readonly segments: number;
  /** The most tasks that one flush has served. */
  readonly largestBatch: number;
  /** What a flush takes, a moving average. */
  readonly flushMs: number;
}

/** A block that is as large as this is closed, and the next group begins another. */
const BLOCK_BYTES_ENOUGH = 1 << 20;

/** The step before a block is closed: the last moment at which a group can still get into it. */
class SealStep extends Step {
  constructor(objectId: number) {
    super();
    this.objectId = objectId;
    this.access = ACCESS_WRITE;
    this.label = "seal a block";
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }
}

/**
 * The write-ahead log while the database runs.
 *
 * Appending never waits: it encodes the group into the open block in memory. Whoever then has to
 * wait for durability either leads a flush (close the block, write, sync) or is served by the one
 * who does; meanwhile others append to the next block.
 *
 * Invariants:
 * 1. `durableLsn <= endLsn`, and both only ever grow.
 * 2. Everything up to `durableLsn` was written and then synced, in the order of positions.
 * 3. Blocks not yet durable are kept, so that a write that found no room is made again, unchanged
 *    and at the same place. A sync is never made again.
 * 4. While a batch is being appended, nothing of it is written.
 */
export class Log implements ChangeLog {
  readonly keepsChanges = true;
  /** Pages whose last change is not after this are logged whole. A checkpoint raises it. */
  imageFloor: Lsn;
  readonly #host: Host;
  readonly #checksum: Checksum;
  readonly #policy: CommitPolicy;
  readonly #segments: LogSegments;
  readonly #queue: CommitQueue;
  readonly #meter = new CommitMeter();
  readonly #load: CommitLoad;
  readonly #seal: Step;
  readonly #blocks = new BlockPool();
  /** Blocks that are complete and not yet durable, oldest first. */
  readonly #closed: LogBlock[] = [];
  readonly #startLsn: Lsn;
  #open: LogBlock;
  #endLsn: Lsn;
  #batchStart: Lsn | null = null;
  #groups = 0;
  #images = 0;
  #blocksWritten = 0;

  constructor({ host, checksum, policy, segments, startLsn }: LogParts) {
    this.#host = host;
    this.#checksum = checksum;
    this.#policy = policy;
    this.#segments = segments;
    this.#startLsn = startLsn;
    this.#endLsn = startLsn;
    this.imageFloor = startLsn;
    const objectId = host.newObject();
    const queue = new CommitQueue(host, objectId, startLsn);
    const meter = this.#meter;
    this.#queue = queue;
    this.#seal = new SealStep(objectId);
    this.#open = this.#blocks.take(startLsn);
    this.#load = {
      get writers() {
        return meter.writers;
      },
      get waiting() {
        return queue.length + 1;
      },
      get flushMs() {
        return meter.flushMs;
      },
      get recentBatch() {
        return meter.recentBatch;
      },
    };
  }

  get endLsn(): Lsn {
    return this.#endLsn;
  }

  /** Everything up to here survives any crash. */
  get durableLsn(): Lsn {
    return this.#queue.durableLsn;
  }

  get state(): LogState {
    return this.#queue.state;
  }

  /** As {@link ChangeLog.append}. O(bytes of the group); allocates nothing but room. */
  append(changes: readonly PageChange[]): Lsn {
    const inBatch = this.#batchStart !== null;
    if (this.#open.length >= BLOCK_BYTES_ENOUGH) {
      this.#closeOpen();
      this.#open.isMidBatch = inBatch;
    }
    const block = this.#open;
    beginGroup(block, inBatch ? CONTINUES_FLAG : 0, changes.length);
    for (let i = 0; i < changes.length; i++) {
      const change = changes[i];
      if (change !== undefined) this.#put(block, change);
    }
    endGroup(block);
    this.#groups++;
    this.#endLsn = block.endLsn;
    if (!inBatch) this.#queue.flushLimit = this.#endLsn;
    return this.#endLsn;
  }

  /** As {@link ChangeLog.waitDurable}. Requires: position <= endLsn. */
  *waitDurable(position: Lsn): Task<void> {
    this.#queue.throwIfFailed();
    if (position <= this.#queue.durableLsn) return;
    yield* this.#reach(position, !this.#policy.shares, this.#policy);
  }

  /**
   * Makes the log durable up to a position without waiting for company.
   *
   * @throws LatchworkError LOG_FAILED or NO_SPACE.
   */
  *flushTo(position: Lsn): Task<void> {
    this.#queue.throwIfFailed();
    yield* this.#reach(position, false, null);
  }

  /**
   * Asks whether a new write may begin. A full log first tries to write what it has kept.
   *
   * @throws LatchworkError LOG_FAILED; NO_SPACE if there still is none.
   */
  *admitWriter(): Task<void> {
    this.#queue.throwIfFailed();
    if (this.#queue.isFull) yield* this.#reach(this.#queue.flushLimit, false, null);
  }

  /** An operation that writes has begun. It is in flight until {@link writerEnded}. */
  writerBegan(): void {
    this.#meter.writers++;
  }

  writerEnded(): void {
    assert(this.#meter.writers > 0, "a writer began before it ended");
    this.#meter.writers--;
  }

  /**
   * Begins a batch: its groups survive a crash together or not at all. Until it ends, nobody else
   * appends, and whoever waits for one of its positions waits for its end too.
   */
  beginBatch(): void {
    assert(this.#batchStart === null, "one batch at a time");
    this.#closeOpen();
    this.#batchStart = this.#endLsn;
  }

  /** Ends the batch; whatever was appended since {@link beginBatch} is all of it. */
  endBatch(): void {
    const start = this.#batchStart;
    assert(start !== null, "a batch ends once, after it began");
    if (this.#endLsn > start) {
      const flagsAt = this.#open.lastGroupAt + GROUP_FLAGS_AT;
      this.#open.view.setUint16(flagsAt, 0, true);
    }
    this.#batchStart = null;
    this.#queue.flushLimit = this.#endLsn;
    this.#queue.wakeSettled();
  }

  /** Gives the log up, as after a failed sync of the page file. Every wait ends with LOG_FAILED. */
  poison(error: LatchworkError): void {
    this.#queue.fail(`${error.message}; reopen the database to recover what is durable`);
    this.#queue.wakeSettled();
  }

  /** Removes the segments wholly below a position; gives their number. */
  removeBelow(position: Lsn): Task<number> {
    return this.#segments.removeBelow(position);
  }

  /** Makes everything durable and closes the file. Nothing may be appended afterwards. */
  *close(): Task<void> {
    try {
      if (this.state !== "failed") yield* this.flushTo(this.#endLsn);
    } finally {
      while (this.#queue.isFlushing) yield this.#queue.idle;
      yield* this.#segments.close();
    }
  }

  stats(): LogStats {
    return {
      policy: this.#policy.name,
      state: this.state,
      endLsn: this.#endLsn,
      durableLsn: this.durableLsn,
      groups: this.#groups,
      bytes: this.#endLsn - this.#startLsn,
      images: this.#images,
      blocks: this.#blocksWritten,
      flushes: this.#meter.flushes,
      segments: this.#segments.count,
      largestBatch: this.#meter.largestBatch,
      flushMs: this.#meter.flushMs,
    };
  }

  /** Whether a page is logged as it is, and not by the operations that changed it. */
  protected needsImage({ page, redo }: PageChange): boolean {
    return redo.isWhole || lsnOf(page) <= this.imageFloor;
  }

  /** Makes durable what was written. */
  protected *syncSegment(): Task<void> {
    yield* this.#segments.sync();
  }

  #put(block: LogBlock, change: PageChange): void {
    if (this.needsImage(change) || change.redo.length >= imageBytes(change)) {
      putImage(block, change);
      this.#images++;
    } else putOperations(block, change);
  }

  /** Waits, and leads where it falls to this task. */
  *#reach(position: Lsn, isAlone: boolean, policy: CommitPolicy | null): Task<void> {
    assert(position <= this.#endLsn, "nobody waits for what has not been appended");
    while (isAlone || position > this.#queue.durableLsn) {
      const step = this.#queue.enter(position, isAlone);
      yield step;
      const { leads } = step;
      this.#queue.leave(step);
      if (!leads) return;
      yield* this.#lead(position, policy);
      if (isAlone) return;
    }
  }

  /** Flushes for everybody. Requires: the wait step said so. */
  *#lead(position: Lsn, policy: CommitPolicy | null): Task<void> {
    const queue = this.#queue;
    try {
      // Who is told that there is no room should be told at once.
      if (policy !== null && !queue.isFull) yield* policy.gather(this.#load, this.#host);
      const seal = this.#seal;
      yield seal;
      queue.throwIfFailed();
      const began = this.#host.nowMs();
      const served = 1 + (yield* this.#flush(position));
      queue.isFlushing = false;
      queue.isFull = false;
      this.#meter.flushed(this.#host.nowMs() - began, served + queue.wakeSettled());
    } catch (error) {
      queue.isFlushing = false;
      this.#flushFailed(error);
    }
  }

  #flushFailed(error: unknown): never {
    const queue = this.#queue;
    if (error instanceof LatchworkError && error.code === "NO_SPACE" && queue.state !== "failed") {
      queue.refuse(error.message);
      queue.wakeSettled();
      queue.throwRefusal();
    }
    if (!(error instanceof LatchworkError)) {
      this.poison(new LatchworkError("LOG_FAILED", "the log failed by a bug"));
      throw error;
    }
    this.poison(error);
    queue.throwIfFailed();
    throw error;
  }

  /**
   * Writes the closed blocks and syncs. A sync comes before each change of segments too.
   *
   * @returns how many waits that has ended on the way.
   */
  *#flush(position: Lsn): Task<number> {
    if (this.#batchStart === null) this.#closeOpen();
    let served = 0;
    let unsynced: LogBlock | null = null;
    // Nobody else takes blocks off the list; those that are closed meanwhile come next time.
    for (const block of this.#closed.filter(({ endLsn }) => endLsn <= this.#queue.flushLimit)) {
      // Recovery cuts a batch that never ended off where it began: no segment begins within one.
      if (this.#segments.isFull && !block.isMidBatch) {
        if (unsynced !== null) served += yield* this.#syncThrough(unsynced);
        yield* this.#segments.rotate(block.startLsn);
      }
      const bytes = block.seal(this.#queue.durableLsn, this.#checksum);
      yield* this.#segments.write(block.startLsn, bytes);
      this.#blocksWritten++;
      unsynced = block;
    }
    if (unsynced !== null) return served + (yield* this.#syncThrough(unsynced));
    assert(position <= this.#queue.durableLsn, "a position not durable is in a block not written");
    yield* this.syncSegment();
    this.#queue.throwIfFailed();
    return served;
  }

  /** Syncs, and publishes that everything up to the end of a block is durable. */
  *#syncThrough(last: LogBlock): Task<number> {
    yield* this.syncSegment();
    // The page file's sync may have failed meanwhile; then nothing more is acknowledged.
    this.#queue.throwIfFailed();
    const end = last.endLsn;
    this.#queue.durableLsn = end;
    for (;;) {
      const [oldest] = this.#closed;
      if (oldest === undefined || oldest.endLsn > end) break;
      this.#closed.shift();
      this.#blocks.giveBack(oldest);
    }
    return this.#queue.wakeSettled();
  }

  #closeOpen(): void {
    if (this.#open.isEmpty) return;
    this.#closed.push(this.#open);
    this.#open = this.#blocks.take(this.#endLsn);
  }
}
