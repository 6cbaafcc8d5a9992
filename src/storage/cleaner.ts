import {
  LatchGuard,
  type LatchId,
  type LatchOwner,
  type LatchTable,
  SHARED,
} from "../latch/index.ts";
import {
  ACCESS_READ,
  type DiskFile,
  type Fact,
  type Host,
  Step,
  type Task,
  type TaskId,
} from "../task/index.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { type Checksum, crc32, sealPage } from "./checksum.ts";
import type { Lsn, PageId } from "./ids.ts";
import { asEditor } from "./page-view.ts";
import type { PageWrite } from "./pool-slot.ts";

export interface CleanerOptions {
  readonly pool: BufferPool;
  /** The page file, open for writing. */
  readonly file: DiskFile;
  readonly host: Host;
  readonly latches: LatchTable;
  /** Which latch covers a page, by the protocol in use: the page's own, or that of the tree. */
  readonly coveringLatch: (id: PageId) => LatchId;
  /** Makes the log durable up to a position, at once. */
  readonly flushTo: (position: Lsn) => Task<void>;
  /**
   * The cleaners of all pools that share frames with this one, to whom it adds itself. Default:
   * none does.
   */
  readonly together?: Cleaner[];
  /** Default: CRC-32 in plain JavaScript. */
  readonly checksum?: Checksum;
}

/**
 * Writes dirty pages to the page file, while others go on with them.
 *
 * The page is latched, in shared mode, only while it is copied; the copy is written. Before that
 * the log is flushed up to the copy's LSN: the rule of write-ahead logging (Mohan et al., "ARIES",
 * TODS 1992). Any number of tasks may clean through one Cleaner, each with its own LatchOwner,
 * which holds nothing else meanwhile.
 */
export class Cleaner {
  protected readonly pool: BufferPool;
  protected readonly file: DiskFile;
  readonly #latches: LatchTable;
  readonly #coveringLatch: (id: PageId) => LatchId;
  readonly #flushTo: (position: Lsn) => Task<void>;
  readonly #checksum: Checksum;
  readonly #together: readonly Cleaner[];

  constructor(options: CleanerOptions) {
    this.pool = options.pool;
    this.file = options.file;
    this.#latches = options.latches;
    this.#coveringLatch = options.coveringLatch;
    this.#flushTo = options.flushTo;
    this.#checksum = options.checksum ?? crc32;
    options.together?.push(this);
    this.#together = options.together ?? [this];
  }

  /**
   * Cleans one dirty page, whichever is next.
   *
   * @returns false if there was none to clean: all are clean or being written.
   * @throws LatchworkError as {@link clean}.
   */
  *cleanOne(owner: LatchOwner): Task<boolean> {
    const id = this.pool.pickDirty();
    if (id === null) return false;
    yield* this.clean(owner, id);
    return true;
  }

  /**
   * Brings the page's state as it is now, or a later one, into the file; not yet durable, see
   * DiskFile.sync. Does nothing if it is there. Waits for a write of the page that is under way.
   *
   * @throws LatchworkError of the log (LOG_FAILED, NO_SPACE) or the disk; the page is dirty still.
   */
  *clean(owner: LatchOwner, id: PageId): Task<void> {
    for (;;) {
      if (this.pool.isWriting(id)) yield new PageWritten(this.pool, id);
      else if (!this.pool.isDirty(id)) return;
      else {
        const write = yield* this.#copy(owner, id);
        if (write !== null) {
          yield* this.#store(write);
          return;
        }
      }
    }
  }

  /** Waits until every write that is under way now has ended, well or not. */
  *waitForWrites(): Task<void> {
    const step = new WritesEnded(this.pool);
    if (!step.isEnabled()) yield step;
  }

  /** Makes the log durable before the page goes to the file: the rule that redo rests on. */
  protected flushFirst(position: Lsn): Task<void> {
    return this.#flushTo(position);
  }

  /** Copies the page for the task that writes it. Its latch is held. */
  protected take(id: PageId, task: TaskId): PageWrite {
    return this.pool.beginWrite(id, task);
  }

  /** Makes the copy fit for the file. */
  protected seal(write: PageWrite): void {
    sealPage(asEditor(write.page), this.#checksum);
  }

  /** Copies a page under its latch; null if things changed while the latch was waited for. */
  *#copy(owner: LatchOwner, id: PageId): Task<PageWrite | null> {
    const guard = new LatchGuard(owner);
    owner.acquire(guard, this.#latches.latch(this.#coveringLatch(id)), SHARED, "page to clean");
    if (guard.pending) yield guard;
    // No pin is needed: a dirty page stays in memory, and no other task runs from here to the copy.
    try {
      const isReady = this.pool.isDirty(id) && !this.pool.isWriting(id);
      return isReady ? this.take(id, owner.taskId) : null;
    } finally {
      guard.release();
    }
  }

  /**
   * Writes pages until the pool is back at its size, or none is left to write: its own first, and
   * then those of the pools that share its frames.
   */
  *shrinkPool(owner: LatchOwner): Task<void> {
    while (this.pool.isOver && (yield* this.cleanOne(owner)));
    for (const other of this.#together) {
      if (other === this) continue;
      while (this.pool.isOver && (yield* other.cleanOne(owner)));
    }
  }

  *#store(write: PageWrite): Task<void> {
    let ok = false;
    try {
      yield* this.flushFirst(write.lsn);
      this.seal(write);
      yield this.file.write(write.id * this.pool.pageSize, write.bytes);
      ok = true;
    } finally {
      this.pool.endWrite(write, ok);
    }
  }
}

/** Waits for the end of writes; asked again whenever one ends. */
abstract class WriteWait extends Step {
  protected readonly pool: BufferPool;

  constructor(pool: BufferPool) {
    super();
    this.pool = pool;
    this.objectId = pool.writesObject;
    this.access = ACCESS_READ;
  }

  abstract override isEnabled(): boolean;

  override take(): boolean {
    return true;
  }

  override park(): void {
    this.pool.joinWrites(this);
  }
}

/** Waits until no write of one page is under way. */
class PageWritten extends WriteWait {
  readonly #id: PageId;

  constructor(pool: BufferPool, id: PageId) {
    super(pool);
    this.#id = id;
  }

  override isEnabled(): boolean {
    return !this.pool.isWriting(this.#id);
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    const writer = this.pool.writerOf(this.#id);
    if (writer !== null) into.push(writer);
  }

  override fact(): Fact {
    return { kind: "page-write-wait", page: this.#id };
  }
}

/** Waits until all writes have ended that were under way when it was made; later ones may go on. */
class WritesEnded extends WriteWait {
  readonly #last: number;

  constructor(pool: BufferPool) {
    super(pool);
    this.#last = pool.latestWrite;
  }

  override isEnabled(): boolean {
    return this.pool.oldestWrite > this.#last;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    this.pool.collectWriters(this.#last, into);
  }

  override fact(): Fact {
    return { kind: "page-writes-wait" };
  }
}
