import {
  applyRedo,
  PAGE_FORMAT,
  pageFormatOf,
  parametersOf,
  TreeChecker,
  type TreeParameters,
  treeParameters,
} from "../btree/index.ts";
import { DIRECT_DRIVER, latchId, LatchOwner, LatchTable } from "../latch/index.ts";
import {
  BufferPool,
  type Checksum,
  Cleaner,
  crc32,
  framesIn,
  type Lsn,
  lsnOf,
  META_PAGE,
  type PageId,
  pageId,
  type PageMemory,
  pagePlace,
} from "../storage/index.ts";
import {
  type Disk,
  type Host,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  type Task,
  taskId,
} from "../task/index.ts";
import {
  type Control,
  PAGES_FILE,
  type RecordHandlers,
  Recovery,
  type RecoveryReport,
} from "../wal/index.ts";
import {
  damagedPages,
  isPageInUse,
  type LoadedPages,
  loadPages,
  spacePagesOf,
} from "./check-pages.ts";
import { ENGINE_DEFAULTS } from "./engine-options.ts";
import { OverlayDisk } from "./overlay-disk.ts";
import { controlOf, surveyLog } from "./survey-files.ts";

/** What a verification does at the moment, and how far it is. */
export interface VerifyProgress {
  readonly stage: "log" | "recovery" | "pages" | "tree";
  readonly done: number;
  readonly total: number | null;
}

export interface VerifyOptions {
  /** The files; they are read and never changed. */
  readonly disk: Disk;
  readonly host: Host;
  readonly checksum?: Checksum;
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** As EngineOptions.handlers: a log with such records is rejected if nobody takes them. */
  readonly handlers?: RecordHandlers;
}

const OPTION_NAMES = optionNames<VerifyOptions>({
  disk: true,
  host: true,
  checksum: true,
  onProgress: true,
  handlers: true,
});

/** What a verification found. */
export interface VerifyReport {
  readonly isSound: boolean;
  /** One line for each problem: file, place, what is there and what was expected. */
  readonly problems: readonly string[];
  readonly control: Control | null;
  /** What the recovery in memory did; null if it could not be made. */
  readonly recovery: RecoveryReport | null;
  /** Pages of the database after that recovery, and how many of them are in use. */
  readonly pages: number;
  readonly pagesInUse: number;
}

/**
 * Checks a whole database: the control file, the log, each page in use, and the tree of them, as
 * they are after a recovery, which is made in memory. The files stay what they are.
 *
 * It finds whatever would make opening fail, and beyond that any damage to a page in use, wherever
 * it is. Memory: the size of the page file, and again what redo changes.
 *
 * @throws LatchworkError NOT_A_DATABASE if there is none to check.
 */
export function* verifyDatabase(options: VerifyOptions): Task<VerifyReport> {
  refuseUnknownOptions("verifyDatabase", options, OPTION_NAMES);
  return yield* new Verification(options).run();
}

class Verification {
  readonly #options: VerifyOptions;
  readonly #checksum: Checksum;
  readonly #disk: OverlayDisk;
  readonly #problems: string[] = [];
  #recovery: RecoveryReport | null = null;
  #pages = 0;
  #pagesInUse = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#checksum = options.checksum ?? crc32;
    this.#disk = new OverlayDisk(options.disk);
  }

  *run(): Task<VerifyReport> {
    const [control, damage] = yield* controlOf(this.#disk, this.#checksum);
    if (control === null) this.#problems.push(damage);
    else yield* this.#noting(this.#files(control));
    return {
      isSound: this.#problems.length === 0,
      problems: this.#problems,
      control,
      recovery: this.#recovery,
      pages: this.#pages,
      pagesInUse: this.#pagesInUse,
    };
  }

  /** Turns a fault into a problem. */
  *#noting(task: Task<void>): Task<void> {
    try {
      yield* task;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.#problems.push(error.message);
    }
  }

  *#files(control: Control): Task<void> {
    const params = treeParameters(control.pageSize, control.mostEntries);
    this.#report("log", 0, null);
    const { contents, imaged } = yield* surveyLog(this.#disk, control.redoLsn, this.#checksum);
    if (contents.damage !== null) {
      this.#problems.push(contents.damage.message);
      // What the pages should be is unknown; but what no image heals is damaged too.
      const loaded = yield* this.#load(params);
      yield* this.#noteDamaged(loaded, new Map(), (id) => !imaged.has(id));
      return;
    }
    const left = yield* this.#recover(control, params);
    const loaded = yield* this.#load(params);
    const before = this.#problems.length;
    yield* this.#noteDamaged(loaded, left, () => true);
    if (this.#problems.length > before) return;
    this.#noteMeta(loaded.memory, control);
    this.#noteLaterPages(loaded, contents.settledLsn);
    this.#report("tree", 0, null);
    const checker = new TreeChecker(loaded.memory, params);
    const { found = [] } = yield* checker.checkInTurns(this.#options.host);
    for (const { page, what } of found) {
      this.#problems.push(`${pagePlace(PAGES_FILE, page, params.pageSize)}: ${what}`);
    }
  }

  /** Makes the recovery; gives the pages that it could not redo. */
  *#recover(control: Control, params: TreeParameters): Task<ReadonlyMap<PageId, string>> {
    const checksum = this.#checksum;
    const { host } = this.#options;
    const disk = this.#disk;
    this.#report("recovery", 0, null);
    const file = yield* disk.open(PAGES_FILE, "write");
    const pageCount = Math.floor((yield* file.size()) / params.pageSize);
    const framesMax = framesIn(ENGINE_DEFAULTS.poolBytes, params.pageSize);
    const pool = new BufferPool({ ...params, framesMax, file, host, pageCount, checksum });
    const cleaner = new Cleaner({
      pool,
      file,
      host,
      checksum,
      latches: new LatchTable("fifo"),
      coveringLatch: (id) => latchId(id),
      flushTo: nothing,
    });
    // No other task latches anything, so nothing is ever waited for.
    const owner = new LatchOwner(taskId(0), DIRECT_DRIVER);
    const recovery = new NotingRecovery({
      disk,
      pool,
      control,
      applyRedo,
      checksum,
      shrink: () => cleaner.shrinkPool(owner),
      handlers: this.#options.handlers ?? {},
    });
    this.#recovery = yield* recovery.run();
    while (yield* cleaner.cleanOne(owner));
    yield* file.close();
    return recovery.left;
  }

  *#load(params: TreeParameters): Task<LoadedPages> {
    const file = yield* this.#disk.open(PAGES_FILE, "read");
    const loaded = yield* loadPages(file, params, (done, total) =>
      this.#report("pages", done, total),
    );
    yield* file.close();
    this.#pages = loaded.pages;
    const spaces = spacePagesOf(loaded);
    for (let id = 0; id < loaded.pages; id++) {
      if (isPageInUse(loaded, pageId(id), spaces)) this.#pagesInUse++;
    }
    return loaded;
  }

  *#noteDamaged(
    loaded: LoadedPages,
    left: ReadonlyMap<PageId, string>,
    isLookedAt: (id: PageId) => boolean,
  ): Task<void> {
    const notLeft = (id: PageId): boolean => isLookedAt(id) && !left.has(id);
    const found = yield* damagedPages(
      loaded,
      PAGES_FILE,
      this.#checksum,
      notLeft,
      this.#options.host,
    );
    this.#problems.push(...left.values(), ...found.map(({ problem }) => problem));
  }

  /** The meta page repeats what the control file says. */
  #noteMeta(memory: PageMemory, control: Control): void {
    const meta = memory.frame(META_PAGE);
    const format = pageFormatOf(meta);
    const { pageSize, mostEntries } = parametersOf(meta);
    const found = `page size ${pageSize}, most entries ${mostEntries}, page format ${format}`;
    const expected =
      `page size ${control.pageSize}, most entries ${control.mostEntries}, ` +
      `page format ${PAGE_FORMAT}`;
    if (found === expected) return;
    const at = pagePlace(PAGES_FILE, META_PAGE, memory.pageSize);
    this.#problems.push(`${at}: ${found}, expected ${expected}`);
  }

  /**
   * No page is written before the log is durable up to its last change. One that is ahead of the
   * log shows what the log by itself cannot: that it has lost its end, or is another database's.
   */
  #noteLaterPages(loaded: LoadedPages, endLsn: Lsn): void {
    const spaces = spacePagesOf(loaded);
    const { memory, pages } = loaded;
    for (let number = 0; number < pages; number++) {
      const id = pageId(number);
      if (!isPageInUse(loaded, id, spaces)) continue;
      const found = lsnOf(memory.frame(id));
      if (found <= endLsn) continue;
      const at = pagePlace(PAGES_FILE, id, memory.pageSize);
      const what = `changed at position ${found}, expected at most ${endLsn}, where the log ends`;
      this.#problems.push(`${at}: ${what}; the log has lost its end, or is another database's`);
      return;
    }
  }

  #report(stage: VerifyProgress["stage"], done: number, total: number | null): void {
    this.#options.onProgress?.({ stage, done, total });
  }
}

/** A recovery that notes pages which it cannot redo, and goes on without them. */
class NotingRecovery extends Recovery {
  readonly left: Map<PageId, string> = new Map();

  protected override refuse(id: PageId, fault: string): void {
    if (!this.left.has(id)) this.left.set(id, `${fault}, and the log has no image of it`);
  }
}

function* nothing(): Task<void> {}
