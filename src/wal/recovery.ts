import {
  asEditor,
  type Checksum,
  crc32,
  type Lsn,
  lsnOf,
  type PageEditor,
  type PageFetch,
  type PageId,
  type PageStore,
  type PageView,
  setLsn,
  setVersion,
  versionOf,
} from "../storage/index.ts";
import {
  type Disk,
  type Fact,
  type Host,
  LatchworkError,
  Step,
  type Task,
  type TaskId,
} from "../task/index.ts";
import type { Control } from "./control.ts";
import { badLog, restoreImage } from "./decode-group.ts";
import type { LoggedChange, LoggedGroup } from "./log-records.ts";
import { syncOrFail } from "./log-segments.ts";
import { handOver, type RecordHandlers, refuseUnhandled } from "./record-handlers.ts";
import { type LogContents, type LogScanOptions, scanLog } from "./scan-log.ts";
import type { TornTail } from "./scan-segment.ts";

/** What redo asks of the buffer pool beside what operations do. */
export interface RedoPool extends PageStore {
  /** More pages are in memory than should be. */
  readonly isOver: boolean;
  /** As `fetch`, but a page that is damaged, cut short or absent comes as one of zeros. */
  fetchForRedo(id: PageId): PageFetch;
  /** Whether the page is such a one, and has not been restored. Requires: it is in memory. */
  needsImage(id: PageId): boolean;
  /** What is wrong with a page that {@link needsImage}. */
  damageOf(id: PageId): LatchworkError | null;
  imageRestored(id: PageId): void;
}

export interface RecoveryOptions {
  readonly disk: Disk;
  readonly pool: RedoPool;
  readonly control: Control;
  /** Replays the operations of one page; throws BAD_LOG on nonsense. */
  readonly applyRedo: (page: PageEditor, operations: Uint8Array) => void;
  readonly checksum?: Checksum;
  /** Says when to pause for other tasks. Default: never. */
  readonly host?: Host;
  /** Redoes what is no page's. Default: nothing does, and a log with such records is rejected. */
  readonly handlers?: RecordHandlers;
  /** Cleans pages while {@link RedoPool.isOver}. The log needs no flush for that. */
  readonly shrink: () => Task<void>;
}

/** The segment with the end of the log, and those of its bytes that count. */
export interface LastSegment {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export interface RecoveryReport {
  /** Where the log goes on: `openLog` starts there. */
  readonly endLsn: Lsn;
  readonly groupsRead: number;
  /** Groups of which at least one page lacked the change. */
  readonly groupsApplied: number;
  readonly pagesTouched: number;
  /** Pages damaged or absent in the page file that an image in the log has restored. */
  readonly imagesRestored: number;
  readonly tornTail: TornTail | null;
  /** Groups at the end that were dropped because their batch never ended. */
  readonly droppedBatchGroups: number;
}

/**
 * Brings the pages back to where the log ends: analysis, then redo. There is no undo, since a group
 * is in the log as a whole or not at all.
 *
 * Redo repeats history (Mohan et al., "ARIES", TODS 1992): a page's change is applied if and only
 * if the page's LSN is below the group's. So recovery may itself be cut off anywhere and begun
 * again. The departure from ARIES is that analysis reads no table of dirty pages: the redo position
 * of the last checkpoint says where to begin, and each page's LSN which changes to skip.
 *
 * Each record is redone by its kind: a page's here, any other by its handler.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #handlers: RecordHandlers;
  readonly #touched: Set<PageId> = new Set();
  #groupsApplied = 0;
  #imagesRestored = 0;
  #endLsn: Lsn | null = null;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#handlers = options.handlers ?? {};
  }

  /** Where the log ends; null before that is known. */
  get endLsn(): Lsn | null {
    return this.#endLsn;
  }

  /**
   * Recovers. Afterwards the pool holds or has written every change up to the end of the log, all
   * of which is durable.
   *
   * @throws LatchworkError BAD_LOG, before any page is changed, if the log is damaged; BAD_PAGE for
   *   a damaged page of which the log has no image; LOG_FAILED, NO_SPACE or DISK_ERROR.
   */
  *run(): Task<RecoveryReport> {
    const { disk, control } = this.#options;
    const contents = yield* this.#scan();
    const redo = (group: LoggedGroup): Task<void> => this.#redoGroup(group);
    const { redoLsn } = control;
    const checksum = this.#options.checksum ?? crc32;
    const untilLsn = contents.settledLsn;
    this.#endLsn = untilLsn;
    const again = yield* scanLog({
      disk,
      redoLsn,
      checksum,
      untilLsn,
      visit: redo,
      ...this.#turns,
    });
    // What one reading takes for a torn tail, another may find whole: a bit flipped on its way.
    if (again.settledLsn !== untilLsn) {
      const what = `one reading ends at ${untilLsn}, the next at ${again.settledLsn}`;
      throw new LatchworkError("DISK_ERROR", `the log reads differently each time: ${what}`);
    }
    return {
      endLsn: contents.settledLsn,
      groupsRead: contents.groups,
      groupsApplied: this.#groupsApplied,
      pagesTouched: this.#touched.size,
      imagesRestored: this.#imagesRestored,
      tornTail: contents.tornTail,
      droppedBatchGroups: contents.unfinishedGroups,
    };
  }

  get #turns(): Pick<LogScanOptions, "host"> {
    const { host } = this.#options;
    return host === undefined ? {} : { host };
  }

  /** Whether a page lacks the change of the group at a position. */
  protected shouldApply(page: PageView, position: Lsn): boolean {
    return lsnOf(page) < position;
  }

  /**
   * Called for a damaged page of which the log has operations but no image: it cannot be redone. A
   * recovery that is only made to find what is wrong may note it, and leave the page out.
   */
  protected refuse(_id: PageId, fault: string): void {
    throw new LatchworkError("BAD_PAGE", `${fault}, and the log has no image of it`);
  }

  *#scan(): Task<LogContents> {
    const { disk, control, checksum = crc32 } = this.#options;
    let last: LastSegment | null = null;
    const contents = yield* scanLog({
      disk,
      redoLsn: control.redoLsn,
      checksum,
      ...this.#turns,
      inspect: (group) => refuseUnhandled(this.#handlers, group),
      wasRead: ({ file, endOffset }, bytes) => {
        last = { file, bytes: bytes.subarray(0, endOffset) };
      },
    });
    if (contents.groups > 0 && last !== null) yield* this.makeDurable(last);
    return contents;
  }

  /**
   * Makes the end of the log durable. After a killed process it may be in the system's cache only,
   * and after a failed sync the system takes it for written though it is not: so it is written
   * again. Redo may write pages, and the log is about to go on in another file: both require it.
   */
  protected *makeDurable({ file: name, bytes }: LastSegment): Task<void> {
    const file = yield* this.#options.disk.open(name, "write");
    try {
      if (bytes.length > 0) yield* file.write(0, bytes);
      yield* syncOrFail(name, file.sync());
    } finally {
      yield* file.close();
    }
  }

  *#redoGroup(group: LoggedGroup): Task<void> {
    const { pool, shrink } = this.#options;
    let applied = false;
    for (const record of group.records) {
      if (record.kind === "logical" || record.kind === "decision") {
        yield* handOver(this.#handlers, record, group);
        continue;
      }
      yield* this.#bringIn(record.id);
      try {
        if (this.#redoPage(record, group)) applied = true;
      } finally {
        pool.unpin(record.id);
      }
    }
    if (applied) this.#groupsApplied++;
    if (pool.isOver) yield* shrink();
  }

  /** Brings a page into memory and pins it. */
  *#bringIn(id: PageId): Task<void> {
    const { pool } = this.#options;
    while (!pool.pin(id)) yield new RedoFetchStep(pool.fetchForRedo(id), id);
    this.#touched.add(id);
  }

  /** Applies one page's change, if the page lacks it. Requires: the page is pinned. */
  #redoPage(change: LoggedChange, group: LoggedGroup): boolean {
    const { pool } = this.#options;
    const page = asEditor(pool.frame(change.id));
    const isDamaged = pool.needsImage(change.id);
    if (isDamaged && change.kind !== "image") {
      this.refuse(change.id, pool.damageOf(change.id)?.message ?? `page ${change.id} is damaged`);
      return false;
    }
    // Also where nothing is to do: after a failed sync the file only seems to have the page.
    pool.markDirty(change.id, group.startLsn);
    if (!isDamaged && !this.shouldApply(page, group.lsn)) return false;
    this.#apply(page, change, group);
    setLsn(page, group.lsn);
    setVersion(page, (versionOf(page) + 1) >>> 0);
    if (isDamaged) {
      pool.imageRestored(change.id);
      this.#imagesRestored++;
    }
    return true;
  }

  #apply(page: PageEditor, { kind, payload, id }: LoggedChange, group: LoggedGroup): void {
    if (kind === "image") {
      if (restoreImage(payload, page.bytes)) return;
      throw badLog(group.file, group.offset, `the image of page ${id} is of no page of this size`);
    }
    try {
      this.#options.applyRedo(page, payload);
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      throw badLog(group.file, group.offset, `redo of page ${id}: ${error.message}`);
    }
  }
}

/** The step by which recovery waits for a page. */
class RedoFetchStep extends Step {
  readonly #fetch: PageFetch;
  readonly #id: PageId;

  constructor(fetch: PageFetch, id: PageId) {
    super();
    this.#fetch = fetch;
    this.#id = id;
    this.dueAtMs = fetch.dueAtMs;
  }

  override isEnabled(task: TaskId): boolean {
    return this.#fetch.isEnabled(task);
  }

  override take(task: TaskId): boolean {
    return this.#fetch.take(task);
  }

  override park(): void {
    this.#fetch.join(this);
  }

  override fact(): Fact {
    return { kind: "page-fetch-for-redo", page: this.#id };
  }
}
