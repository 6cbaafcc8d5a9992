import { DIRECT_DRIVER, latchId, LatchOwner, LatchTable } from "../../src/latch/index.ts";
import {
  asEditor,
  BufferPool,
  Cleaner,
  FIRST_TREE_REDO,
  formatHeader,
  lsn,
  type Lsn,
  lsnOf,
  pageId,
  PageRedo,
  type PageEditor,
  setLsn,
  setVersion,
  versionOf,
} from "../../src/storage/index.ts";
import { type DiskFile, LatchworkError, type Task, taskId } from "../../src/task/index.ts";
import {
  Checkpoint,
  type CheckpointOptions,
  type Control,
  CONTROL_FORMAT,
  type Log,
  type LogParts,
  openLog,
  type PageChange,
  policyNamed,
  readControl,
  type RecordHandlers,
  Recovery,
  type RecoveryOptions,
  type RecoveryReport,
  writeControl,
} from "../../src/wal/index.ts";
import { FetchStep } from "../storage/fetch-step.ts";
import type { CrashingDisk } from "./crashing-disk.ts";
import type { ParkingDriver } from "./parking-driver.ts";

/** Two sectors, so that the write of a page can tear. */
const PAGE_SIZE = 1024;
const BODY_FROM = 48;

/** One group: which pages had how much added to which byte. */
export interface Applied {
  readonly position: Lsn;
  readonly ids: readonly number[];
  readonly place: number;
  readonly value: number;
  /** Whether it goes on with a batch that another group began. */
  readonly isMidBatch: boolean;
}

/** What is to be different in a store, so that a test can see it fail. */
export interface TinyParts {
  readonly applyRedo?: RecoveryOptions["applyRedo"];
  readonly makeRecovery?: (options: RecoveryOptions) => Recovery;
  readonly makeLog?: (parts: LogParts) => Log;
  readonly makeCheckpoint?: (options: CheckpointOptions) => Checkpoint;
}

export interface TinyStoreOptions extends TinyParts {
  readonly disk: CrashingDisk;
  readonly driver: ParkingDriver;
  readonly handlers?: RecordHandlers;
  readonly framesMax?: number;
  readonly segmentBytes?: number;
}

/** An engine without a tree: pool, log, cleaner, checkpoint, and pages whose bytes count.
 * Adding is not idempotent, as setting would be. */
export class TinyStore {
  readonly log: Log;
  readonly pool: BufferPool;
  readonly cleaner: Cleaner;
  readonly checkpoint: Checkpoint;
  readonly report: RecoveryReport;
  readonly owner: LatchOwner = new LatchOwner(taskId(0), DIRECT_DRIVER);
  /** Every group, as it was appended. */
  readonly history: Applied[] = [];
  readonly #driver: ParkingDriver;
  /** One checkpoint runs at a time. */
  isCheckpointing = false;
  #isGateShut = false;

  constructor(
    log: Log,
    pool: BufferPool,
    cleaner: Cleaner,
    checkpoint: Checkpoint,
    report: RecoveryReport,
    driver: ParkingDriver,
  ) {
    this.log = log;
    this.pool = pool;
    this.cleaner = cleaner;
    this.checkpoint = checkpoint;
    this.report = report;
    this.#driver = driver;
  }

  /** Opens what is on the disk, or makes an empty store. */
  static *open(options: TinyStoreOptions): Task<TinyStore> {
    const { disk, driver } = options;
    const control = (yield* readControl(disk)) ?? (yield* create(disk));
    const pagesFile = yield* disk.open("pages", "write");
    const size = yield* pagesFile.size();
    const pool = new BufferPool({
      pageSize: PAGE_SIZE,
      framesMax: options.framesMax ?? 8,
      file: pagesFile,
      host: driver,
      pageCount: Math.ceil(size / PAGE_SIZE),
    });
    let log: Log | null = null;
    const cleaner = new Cleaner({
      pool,
      file: pagesFile,
      host: driver,
      latches: new LatchTable("fifo"),
      coveringLatch: latchId,
      *flushTo(position: Lsn) {
        if (log !== null) yield* log.flushTo(position);
      },
    });
    const owner = new LatchOwner(taskId(0), DIRECT_DRIVER);
    const recoveryOptions: RecoveryOptions = {
      disk,
      pool,
      control,
      applyRedo: options.applyRedo ?? addByte,
      ...(options.handlers === undefined ? {} : { handlers: options.handlers }),
      *shrink() {
        while (pool.isOver && (yield* cleaner.cleanOne(owner)));
      },
    };
    const recovery = options.makeRecovery?.(recoveryOptions) ?? new Recovery(recoveryOptions);
    const report = yield* recovery.run();
    log = yield* openLog({
      disk,
      host: driver,
      policy: policyNamed("adaptive"),
      segmentBytes: options.segmentBytes ?? 3000,
      startLsn: report.endLsn,
      ...(options.makeLog === undefined ? {} : { make: options.makeLog }),
    });
    const parts = { log, pool, cleaner, pagesFile, disk, control };
    const checkpoint = options.makeCheckpoint?.(parts) ?? new Checkpoint(parts);
    return new TinyStore(log, pool, cleaner, checkpoint, report, driver);
  }

  /** Adds to one byte on each page, as one group; gives its position. */
  *change(ids: readonly number[], place: number, value: number): Task<Lsn> {
    yield* this.#pinAll(ids);
    while (this.#isGateShut) yield this.#driver.sleep(0);
    const position = this.#apply(ids, place, value);
    for (const id of ids) this.pool.unpin(pageId(id));
    return position;
  }

  /** As many changes of one page each, as one batch, with pauses; gives the last one's position. */
  *batch(ids: readonly number[], place: number, value: number): Task<Lsn> {
    yield* this.#pinAll(ids);
    while (this.#isGateShut) yield this.#driver.sleep(0);
    this.#isGateShut = true;
    this.log.beginBatch();
    let position = this.log.endLsn;
    for (const id of ids) {
      position = this.#apply([id], place, value, id !== ids[0]);
      yield this.#driver.sleep(0);
    }
    this.log.endBatch();
    this.#isGateShut = false;
    for (const id of ids) this.pool.unpin(pageId(id));
    return position;
  }

  /** What {@link bodyOf} gives after a history of groups up to a position. */
  static bodyAfter(history: readonly Applied[], position: Lsn, id: number): string {
    const body = new Uint8Array(16);
    let last = lsn(0);
    for (const group of history) {
      if (group.position > position || !group.ids.includes(id)) continue;
      body[group.place] = (body[group.place] ?? 0) + group.value;
      last = group.position;
    }
    return `${last}: ${[...body].join(",")}`;
  }

  /** The body of a page, as text. */
  *bodyOf(id: number): Task<string> {
    yield* this.#pinAll([id]);
    const page = this.pool.frame(pageId(id));
    const body = [...page.bytes.subarray(BODY_FROM, BODY_FROM + 16)].join(",");
    this.pool.unpin(pageId(id));
    return `${lsnOf(page)}: ${body}`;
  }

  #apply(ids: readonly number[], place: number, value: number, isMidBatch: boolean = false): Lsn {
    const before = this.log.endLsn;
    const changes = ids.map((id): PageChange => {
      this.pool.markDirty(pageId(id), before);
      const page = asEditor(this.pool.frame(pageId(id)));
      const redo = new PageRedo();
      redo.begin(FIRST_TREE_REDO);
      redo.u16(place);
      redo.u8(value);
      page.bytes[BODY_FROM + place] = (page.bytes[BODY_FROM + place] ?? 0) + value;
      return { id: pageId(id), page, redo, unusedFrom: 400, unusedTo: 480 };
    });
    const position = this.log.append(changes);
    this.history.push({ position, ids, place, value, isMidBatch });
    for (const { page } of changes) {
      setLsn(asEditor(page), position);
      setVersion(asEditor(page), versionOf(page) + 1);
    }
    return position;
  }

  *#pinAll(ids: readonly number[]): Task<void> {
    for (const id of ids) yield* this.#pin(id);
  }

  /** Pins a page; one that is nowhere is made. */
  *#pin(id: number): Task<void> {
    const { pool } = this;
    while (!pool.pin(pageId(id))) {
      if (id >= pool.capacity) {
        this.#make(id);
        return;
      }
      try {
        yield new FetchStep(pool.fetch(pageId(id)));
      } catch (error) {
        if (!(error instanceof LatchworkError) || error.code !== "BAD_PAGE") throw error;
        if (!/never written|ends after/u.test(error.message)) throw error;
        // Another task may have made it meanwhile.
        if (!pool.pin(pageId(id))) this.#make(id);
        return;
      }
    }
  }

  #make(id: number): void {
    this.pool.fresh(pageId(id));
    formatHeader(asEditor(this.pool.frame(pageId(id))), pageId(id), 0);
  }
}

function* create(disk: CrashingDisk): Task<Control> {
  const pages: DiskFile = yield* disk.open("pages", "create");
  yield* pages.sync();
  yield* pages.close();
  const control: Control = {
    formatVersion: CONTROL_FORMAT,
    pageSize: PAGE_SIZE,
    mostEntries: 0,
    redoLsn: lsn(1),
    checkpoints: 0,
  };
  const file = yield* disk.open("log-0000000000000001", "create");
  yield* file.sync();
  yield* file.close();
  yield* writeControl(disk, control);
  return control;
}

/** Redo of a change of the tiny store. */
function addByte(page: PageEditor, operations: Uint8Array): void {
  const view = new DataView(operations.buffer, operations.byteOffset, operations.length);
  const at = BODY_FROM + view.getUint16(1, true);
  page.bytes[at] = (page.bytes[at] ?? 0) + view.getUint8(3);
}
