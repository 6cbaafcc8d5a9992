import type { LatchOwner } from "../latch/index.ts";
import type { Lsn, PageId } from "../storage/index.ts";
import { type Disk, type DiskFile, LatchworkError, type Task } from "../task/index.ts";
import { type Control, writeControl } from "./control.ts";
import type { Log } from "./log.ts";

/** What a checkpoint asks of the buffer pool. */
export interface CheckpointPool {
  /** Pages that are dirty, or whose write is under way, ascending. */
  dirtyPages(): readonly PageId[];
}

/** What a checkpoint asks of the cleaner. */
export interface PageCleaner {
  /** Brings the page's present state, or a later one, into the page file, without a sync. */
  clean(owner: LatchOwner, id: PageId): Task<void>;
  /** Waits for every write under way. */
  waitForWrites(): Task<void>;
}

export interface CheckpointOptions {
  readonly log: Log;
  readonly pool: CheckpointPool;
  readonly cleaner: PageCleaner;
  readonly pagesFile: DiskFile;
  readonly disk: Disk;
  /** The control file as it is. */
  readonly control: Control;
  /**
   * Makes durable elsewhere what logical records and decisions up to a position brought about: no
   * recovery is given them any more, unless the log has failed meanwhile. Default: there are none.
   */
  readonly settle?: (position: Lsn) => Task<void>;
  /** Writes the control file. Default: {@link writeControl}. */
  readonly writeControl?: (disk: Disk, control: Control) => Task<void>;
}

export interface CheckpointReport {
  /** Whether nothing had happened since the last one, so that nothing was done. */
  readonly isSkipped: boolean;
  /** Where recovery now begins. */
  readonly redoLsn: Lsn;
  /** Pages that were dirty or being written when it began. */
  readonly pages: number;
  readonly segmentsRemoved: number;
}

/**
 * Moves the place where recovery begins, while writers run: a fuzzy checkpoint.
 *
 * It begins at the log's end at one moment. Every change logged before is on a page that is dirty
 * then, or being written, or was written before; once the first two kinds are in the page file and
 * the file is synced, redo may begin at that moment. Changes logged later may be in the file or
 * not; the pages' LSNs show which. From that same moment on, the first change of each page is
 * logged as an image, so that whatever write of the page then tears, the log that redo reads can
 * restore it.
 *
 * A dirty page that is freed meanwhile is clean at once. If the change that freed it were lost, the
 * page would be needed as it was, so the log is flushed once more when all pages are clean.
 *
 * One runs at a time.
 */
export class Checkpoint {
  readonly #options: CheckpointOptions;
  #control: Control;

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#control = options.control;
  }

  /** What the control file says. */
  get control(): Control {
    return this.#control;
  }

  /**
   * Makes a checkpoint. O(dirty pages).
   *
   * @throws LatchworkError LOG_FAILED if the page file cannot be synced, or if the directory is no
   *   longer the one that was opened, and the log is poisoned; NO_SPACE or DISK_ERROR, and recovery
   *   begins where it did.
   */
  *run(owner: LatchOwner): Task<CheckpointReport> {
    try {
      return yield* this.#run(owner);
    } catch (error) {
      if (!(error instanceof LatchworkError) || error.code !== "DIRECTORY_CHANGED") throw error;
      throw this.#poison(error.message);
    }
  }

  *#run(owner: LatchOwner): Task<CheckpointReport> {
    const { log, cleaner } = this.#options;
    const begin = log.endLsn;
    if (begin === this.#control.redoLsn) {
      return { isSkipped: true, redoLsn: begin, pages: 0, segmentsRemoved: 0 };
    }
    // Atomically: a change is logged before this moment, and its page is in the list, or after it,
    // and then with an image.
    log.imageFloor = begin;
    const pages = this.pagesToClean();
    for (const id of pages) yield* cleaner.clean(owner, id);
    yield* cleaner.waitForWrites();
    // A page that was freed meanwhile was not written: that it is free has to be durable first. And
    // redo has to find its first position in the log, whether or not a page needed it there.
    yield* log.flushTo(this.positionNeeded(begin));
    const { settle } = this.#options;
    if (settle !== undefined) {
      yield* settle(begin);
      // Whom it waited for may have ended by failing the log: then recovery decides about it, and
      // asks for what was logged before.
      log.refuseIfFailed();
    }
    yield* this.complete(begin);
    const segmentsRemoved = yield* log.removeBelow(begin);
    return { isSkipped: false, redoLsn: begin, pages: pages.length, segmentsRemoved };
  }

  /** Pages whose changes so far have to be in the page file before redo may begin later. */
  protected pagesToClean(): readonly PageId[] {
    return this.#options.pool.dirtyPages();
  }

  /** Up to where the log has to be durable before redo may begin later. */
  protected positionNeeded(_begin: Lsn): Lsn {
    return this.#options.log.endLsn;
  }

  /** Makes the pages durable, and only then says that redo begins later. */
  protected *complete(begin: Lsn): Task<void> {
    yield* this.syncPages();
    yield* this.writeRecord(begin);
  }

  /** Makes durable what was written to the page file; a failure poisons the log. */
  protected *syncPages(): Task<void> {
    const { pagesFile } = this.#options;
    try {
      yield* pagesFile.sync();
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      throw this.#poison(`${pagesFile.name}: a sync failed: ${error.message}`);
    }
  }

  /** Poisons the log: what it goes on to write would be lost. */
  #poison(message: string): LatchworkError {
    const failure = new LatchworkError("LOG_FAILED", message);
    this.#options.log.poison(failure);
    return failure;
  }

  /** Writes to the control file that redo begins at a position. */
  protected *writeRecord(begin: Lsn): Task<void> {
    const { disk, log, writeControl: write = writeControl } = this.#options;
    // Once redo begins at a position, a database whose log has lost it cannot be opened.
    log.confirm();
    const { checkpoints } = this.#control;
    const control = { ...this.#control, redoLsn: begin, checkpoints: checkpoints + 1 };
    yield* write(disk, control);
    this.#control = control;
  }
}
