import { DIRECT_DRIVER, latchId, LatchOwner, LatchTable } from "../../src/latch/index.ts";
import {
  asEditor,
  BufferPool,
  type BufferPoolOptions,
  Cleaner,
  formatHeader,
  lsn,
  type Lsn,
  MemoryDisk,
  pageId,
  type PageId,
  sealPage,
  setLsn,
} from "../../src/storage/index.ts";
import {
  DIRECT_HOST,
  type DiskFile,
  type Host,
  runToCompletion,
  type Task,
  taskId,
} from "../../src/task/index.ts";
import { blankPage } from "../support/pages.ts";
import { FetchStep } from "./fetch-step.ts";

export const PAGE_SIZE = 512;

/** A pool over a file of sealed pages, a cleaner, and note of what the log was asked to flush. */
export class PoolBench {
  readonly disk: MemoryDisk;
  readonly file: DiskFile;
  readonly pool: BufferPool;
  readonly latches: LatchTable = new LatchTable("fifo");
  readonly cleaner: Cleaner;
  readonly owner: LatchOwner = new LatchOwner(taskId(0), DIRECT_DRIVER);
  readonly flushed: Lsn[] = [];
  /** Called in place of a flush, to fail or to do something meanwhile. */
  onFlush: (position: Lsn) => void = () => undefined;

  constructor(
    pages: number,
    options: Partial<BufferPoolOptions> = {},
    wrap: (file: DiskFile) => DiskFile = (file) => file,
    host: Host = DIRECT_HOST,
  ) {
    this.disk = new MemoryDisk();
    this.file = wrap(runToCompletion(openPages(this.disk)));
    for (let id = 0; id < pages; id++) this.#store(id);
    this.pool = new BufferPool({
      pageSize: PAGE_SIZE,
      framesMax: 8,
      file: this.file,
      host,
      pageCount: pages,
      ...options,
    });
    this.cleaner = new Cleaner({
      pool: this.pool,
      file: this.file,
      host,
      latches: this.latches,
      coveringLatch: latchId,
      flushTo: (position) => this.#flushTo(position),
    });
  }

  /** Pins a page, fetching it if need be. */
  pin(id: number): void {
    if (this.pool.pin(pageId(id))) return;
    runToCompletion(fetchOf(this.pool, pageId(id)));
    if (!this.pool.pin(pageId(id))) throw new Error("a fetched page can be pinned");
  }

  unpin(id: number): void {
    this.pool.unpin(pageId(id));
  }

  /** Writes a number into a pinned page, as a change group that ends at `position` would. */
  change(id: number, value: number, position: number, recLsn: number = position - 1): void {
    const page = asEditor(this.pool.frame(pageId(id)));
    formatHeader(page, pageId(id), 0);
    this.pool.markDirty(pageId(id), lsn(recLsn));
    page.view.setUint32(100, value, true);
    setLsn(page, lsn(position));
  }

  valueOf(id: number): number {
    return this.pool.frame(pageId(id)).view.getUint32(100, true);
  }

  /** What the file says of a page, or -1 if it ends before. */
  stored(id: number): number {
    const bytes = this.disk.files.get("pages")?.bytes ?? new Uint8Array(0);
    const at = id * PAGE_SIZE + 100;
    return at + 4 > bytes.length ? -1 : new DataView(bytes.buffer).getUint32(at, true);
  }

  clean(id: number): void {
    runToCompletion(this.cleaner.clean(this.owner, pageId(id)));
  }

  cleanOne(): boolean {
    return runToCompletion(this.cleaner.cleanOne(this.owner));
  }

  /** Damages one byte of a stored page. */
  damage(id: number, at: number = 200): void {
    const bytes = this.disk.files.get("pages")?.bytes ?? new Uint8Array(0);
    bytes[id * PAGE_SIZE + at] = (bytes[id * PAGE_SIZE + at] ?? 0) ^ 1;
  }

  #store(id: number): void {
    const page = blankPage(PAGE_SIZE);
    formatHeader(page, pageId(id), 0);
    page.view.setUint32(100, id, true);
    sealPage(page);
    this.disk.files.get("pages")?.write(id * PAGE_SIZE, page.bytes);
  }

  *#flushTo(position: Lsn): Task<void> {
    this.flushed.push(position);
    this.onFlush(position);
  }
}

/** Waits for a fetch as a latch guard does. */
export function* fetchOf(pool: BufferPool, id: PageId): Task<void> {
  yield new FetchStep(pool.fetch(id));
}

function* openPages(disk: MemoryDisk): Task<DiskFile> {
  return yield* disk.open("pages", "create");
}
