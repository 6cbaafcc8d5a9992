import { type Lsn, lsnOf } from "../storage/index.ts";
import {
  ACCESS_COMMUTE,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Host,
  LatchworkError,
  Monitor,
  type Step,
  type Task,
  type TaskId,
} from "../task/index.ts";
import type { ChangeLog, PageChange } from "./change-log.ts";
import { CommitMeter } from "./commit-meter.ts";
import type { CommitLoad, CommitPolicy } from "./commit-policy.ts";
import { CommitQueue, type LogState, type WaitsFor } from "./commit-queue.ts";
import type { LogBlock } from "./log-block.ts";
import { type LogParts, type LogStats, SealStep } from "./log-parts.ts";
import type { OwnRecord } from "./log-records.ts";
import type { LogSegments } from "./log-segments.ts";
import { LogTail } from "./log-tail.ts";
import { LogWait, type WaitedFor } from "./log-wait.ts";

const NO_RECORDS: readonly OwnRecord[] = [];

function* nothing(): Task<void> {}

/** A task that is over. */
const NOTHING_TO_DO = nothing();
NOTHING_TO_DO.next();

/** How many waits are kept to be used again. */
const SPARE_WAITS_MAX = 4096;

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
export class Log implements ChangeLog, WaitedFor {
  readonly keepsChanges = true;
  readonly #host: Host;
  readonly #checksum: LogParts["checksum"];
  readonly #policy: CommitPolicy;
  readonly #failed: LogParts["failed"];
  readonly #segments: LogSegments;
  readonly queue: CommitQueue;
  readonly #spareWaits: LogWait[] = [];
  readonly #meter = new CommitMeter();
  readonly #load: CommitLoad;
  readonly #seal: Step;
  readonly #tail: LogTail;
  /** What of the log is in memory, and the position that the next group gets. */
  readonly #end: Monitor;
  /** Which operations that write are in flight: the commit policy looks at their number. */
  readonly #writers: Monitor;
  #imageFloor: Lsn;
  readonly #startLsn: Lsn;
  #blocksWritten = 0;

  constructor({ host, checksum, policy, segments, startLsn, failed }: LogParts) {
    this.#host = host;
    this.#failed = failed;
    this.#checksum = checksum;
    this.#policy = policy;
    this.#segments = segments;
    this.#startLsn = startLsn;
    this.#tail = new LogTail(startLsn);
    this.#imageFloor = startLsn;
    this.#end = new Monitor(host, "the end of the log");
    const writers = new Monitor(host, "the writers in flight");
    this.#writers = writers;
    const objectId = host.newObject("the log");
    const queue = this.makeQueue(host, objectId, startLsn);
    const meter = this.#meter;
    this.queue = queue;
    this.#seal = new SealStep(objectId);
    this.#load = {
      get writers() {
        writers.touch(ACCESS_READ);
        return meter.writers;
      },
      get waiting() {
        return queue.length + 1;
      },
      get flushMs() {
        return meter.flushMs;
      },
      get recentWriters() {
        return meter.recentWriters;
      },
      get arrivalMs() {
        return meter.arrivalMs;
      },
      untilWaiting: (count) => queue.untilWaiting(count - 1),
    };
  }

  get endLsn(): Lsn {
    this.#end.touch(ACCESS_READ);
    return this.#tail.endLsn;
  }

  /** Pages whose last change is not after this are logged whole. A checkpoint raises it. */
  get imageFloor(): Lsn {
    this.#end.touch(ACCESS_READ);
    return this.#imageFloor;
  }

  set imageFloor(position: Lsn) {
    this.#end.touch(ACCESS_WRITE);
    this.#imageFloor = position;
  }

  /** Everything up to here survives any crash. */
  get durableLsn(): Lsn {
    return this.queue.durableLsn;
  }

  get state(): LogState {
    return this.queue.state;
  }

  /** As {@link ChangeLog.append}. O(bytes of the group); allocates nothing but room. */
  append(changes: readonly PageChange[], records: readonly OwnRecord[] = NO_RECORDS): Lsn {
    const tail = this.#tail;
    this.#end.touch(ACCESS_WRITE);
    tail.begin(changes.length + records.length);
    for (let i = 0; i < changes.length; i++) {
      const change = changes[i];
      if (change !== undefined) tail.put(change, this.needsImage(change));
    }
    if (records.length > 0) for (const record of records) tail.putOwn(record);
    const end = tail.end();
    if (!tail.inBatch) this.queue.flushLimit = end;
    if (this.#host.isTold) {
      const pages = changes.map(({ id }) => id);
      this.#host.tell({ kind: "group-appended", position: end, pages });
    }
    return end;
  }

  /** As {@link ChangeLog.waitDurable}. Requires: position <= endLsn. */
  waitDurable(position: Lsn, waitsFor: WaitsFor = "change"): Task<void> {
    this.queue.throwIfFailed();
    if (position <= this.queue.durableLsn) return NOTHING_TO_DO;
    return this.#reach(position, !this.#policy.shares, waitsFor);
  }

  /**
   * Makes the log durable up to a position without waiting for others to join.
   *
   * @throws LatchworkError LOG_FAILED or NO_SPACE.
   */
  *flushTo(position: Lsn): Task<void> {
    this.queue.throwIfFailed();
    yield* this.#reach(position, false, "room");
  }

  /**
   * Waits until a new write may begin. A full log first tries to write what it has kept.
   *
   * @throws LatchworkError LOG_FAILED; NO_SPACE if there still is none.
   */
  *admitWriter(): Task<void> {
    this.queue.throwIfFailed();
    if (this.queue.isFull) yield* this.#reach(this.queue.flushLimit, false, "room");
  }

  /** An operation that writes has begun. It is in flight until {@link writerEnded}. */
  writerBegan(): void {
    this.#writers.touch(ACCESS_COMMUTE);
    this.#meter.writers++;
  }

  writerEnded(): void {
    this.#writers.touch(ACCESS_COMMUTE);
    assert(this.#meter.writers > 0, "a writer began before it ended");
    this.#meter.writers--;
  }

  /**
   * Begins a batch: its groups survive a crash together or not at all. Until it ends, no other task
   * appends, and waits for one of its positions wait for its end too.
   *
   * @param task Whose batch it is, for reports.
   */
  beginBatch(task: TaskId | null = null): void {
    this.#end.touch(ACCESS_WRITE);
    this.queue.batchOf = task;
    this.#tail.beginBatch();
  }

  /** Ends the batch; whatever was appended since {@link beginBatch} is all of it. */
  endBatch(): void {
    this.#end.touch(ACCESS_WRITE);
    this.#tail.endBatch();
    this.queue.batchOf = null;
    this.queue.flushLimit = this.#tail.endLsn;
    this.queue.wakeSettled();
  }

  /** @throws LatchworkError LOG_FAILED if the log has failed. */
  refuseIfFailed(): void {
    this.queue.throwIfFailed();
  }

  /** Poisons the log, as after a failed sync of the page file. Every wait ends with LOG_FAILED. */
  poison(error: LatchworkError): void {
    this.queue.fail(`${error.message}; reopen the database to recover what is durable`);
    this.queue.wakeSettled();
    this.#failed?.(error);
  }

  /** Removes the segments wholly below a position; gives their number. */
  removeBelow(position: Lsn): Task<number> {
    return this.#segments.removeBelow(position);
  }

  /**
   * Makes sure that the segment that is written can be found under its name still.
   *
   * @throws LatchworkError DIRECTORY_CHANGED if not; DISK_ERROR if that cannot be found out.
   */
  confirm(): void {
    this.#segments.confirm();
  }

  /** Makes everything durable and closes the file. Nothing may be appended afterwards. */
  *close(): Task<void> {
    try {
      if (this.state !== "failed") yield* this.flushTo(this.#tail.endLsn);
    } finally {
      while (this.queue.isFlushing) yield this.queue.idle;
      yield* this.#segments.close();
    }
  }

  stats(): LogStats {
    return {
      policy: this.#policy.name,
      state: this.state,
      endLsn: this.#tail.endLsn,
      durableLsn: this.durableLsn,
      groups: this.#tail.groups,
      bytes: this.#tail.endLsn - this.#startLsn,
      images: this.#tail.images,
      blocks: this.#blocksWritten,
      flushes: this.#meter.flushes,
      segments: this.#segments.count,
      largestBatch: this.#meter.largestBatch,
      flushMs: this.#meter.flushMs,
    };
  }

  /** Who waits for this log. Called by the constructor. */
  protected makeQueue(host: Host, objectId: number, startLsn: Lsn): CommitQueue {
    return new CommitQueue(host, objectId, startLsn);
  }

  /** Whether a page is logged as it is, and not by the operations that changed it. */
  protected needsImage({ page, redo }: PageChange): boolean {
    return redo.isWhole || lsnOf(page) <= this.#imageFloor;
  }

  /** Makes durable what was written. */
  protected *syncSegment(): Task<void> {
    yield* this.#segments.sync();
  }

  /** Up to where the log is durable once what ends at a position was written and then synced. */
  protected durableThrough(written: Lsn): Lsn {
    return written;
  }

  /** Waits, and leads if that falls to this task. */
  #reach(position: Lsn, hasOwnSync: boolean, waitsFor: WaitsFor): Task<void> {
    assert(position <= this.#tail.endLsn, "nobody waits for what has not been appended");
    const wait = this.#spareWaits.pop() ?? new LogWait(this);
    return wait.prepare(position, hasOwnSync, waitsFor);
  }

  /** For {@link LogWait}. */
  waitEnded(wait: LogWait): void {
    if (this.#spareWaits.length < SPARE_WAITS_MAX) this.#spareWaits.push(wait);
  }

  /** For {@link LogWait}. */
  *lead(position: Lsn, waitsFor: WaitsFor): Task<void> {
    const queue = this.queue;
    try {
      // If there is no room, those that wait should hear of it at once.
      const gathers = waitsFor !== "room" && !queue.isFull;
      if (gathers) yield* this.#gather();
      const seal = this.#seal;
      yield seal;
      queue.throwIfFailed();
      const began = this.#host.nowMs();
      const before = queue.length;
      const served = 1 + (yield* this.#flush(position));
      queue.flushEnded();
      queue.isFull = false;
      const waiting = served + queue.length;
      const ms = this.#host.nowMs() - began;
      if (waiting >= this.#load.writers) this.#meter.allCame(ms, waiting - 1 - before);
      this.#meter.flushed(ms, served + queue.wakeSettled());
    } catch (error) {
      queue.flushEnded();
      this.#flushFailed(error, waitsFor);
    }
  }

  /** Waits as the policy says, and notes how fast others come meanwhile. */
  *#gather(): Task<void> {
    const { queue } = this;
    const [before, began] = [queue.length, this.#host.nowMs()];
    yield* this.#policy.gather(this.#load, this.#host);
    this.#meter.gathered(this.#host.nowMs() - began, queue.length - before);
  }

  #flushFailed(error: unknown, waitsFor: WaitsFor): never {
    const queue = this.queue;
    if (error instanceof LatchworkError && error.code === "NO_SPACE" && queue.state !== "failed") {
      queue.refuse(error.message);
      queue.wakeSettled();
      queue.throwRefusal(waitsFor);
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
   * @returns how many waits have been ended on the way; the rest are still to be woken.
   */
  *#flush(position: Lsn): Task<number> {
    let served = 0;
    let unsynced: LogBlock | null = null;
    this.#end.touch(ACCESS_WRITE);
    // Blocks that are completed meanwhile come next time.
    for (const block of this.#tail.seal(this.queue.flushLimit)) {
      // Recovery cuts a batch that never ended off where it began: no segment begins within one.
      if (this.#segments.isFull && !block.isMidBatch) {
        if (unsynced !== null) {
          yield* this.#syncThrough(unsynced);
          served += this.queue.wakeSettled();
        }
        yield* this.#segments.rotate(block.startLsn);
      }
      const bytes = block.seal(this.queue.durableLsn, this.#checksum);
      if (this.#host.isTold) {
        const [from, to] = [block.startLsn, block.endLsn];
        this.#host.tell({ kind: "block-sealed", from, to });
      }
      yield* this.#segments.write(block.startLsn, bytes);
      this.#blocksWritten++;
      unsynced = block;
    }
    if (unsynced !== null) yield* this.#syncThrough(unsynced);
    else {
      assert(position <= this.queue.durableLsn, "a position not durable is in a block not written");
      yield* this.syncSegment();
      this.queue.throwIfFailed();
    }
    return served;
  }

  /** Syncs, and publishes that everything up to the end of a block is durable. Wakes nobody yet. */
  *#syncThrough(last: LogBlock): Task<void> {
    yield* this.syncSegment();
    // The page file's sync may have failed meanwhile; then nothing more is acknowledged.
    this.queue.throwIfFailed();
    const end = this.durableThrough(last.endLsn);
    this.queue.durableLsn = end;
    this.#end.touch(ACCESS_WRITE);
    if (this.#host.isTold) this.#host.tell({ kind: "log-durable", position: end });
    this.#tail.release(end);
  }
}
