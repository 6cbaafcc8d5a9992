import { deepEqual, equal, notEqual } from "node:assert/strict";
import * as fc from "fast-check";
import {
  asEditor,
  formatHeader,
  pageId,
  type PageWrite,
  sealPage,
} from "../../src/storage/index.ts";
import { type DiskFile, runToCompletion, taskId } from "../../src/task/index.ts";
import { FetchStep } from "./fetch-step.ts";
import { PAGE_SIZE, PoolBench } from "./pool-bench.ts";

export const PAGES = 14;
export const FRAMES = 8;
const TASK = taskId(0);

export const anyPage: fc.Arbitrary<number> = fc.nat(PAGES - 1);
export const anyCommand = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("pin" as const), id: anyPage }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("unpin" as const), id: anyPage }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("change" as const), id: anyPage }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fetch" as const), id: anyPage }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("take" as const), id: anyPage }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("clean" as const), id: anyPage }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("begin" as const), id: anyPage }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("end" as const), id: anyPage }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose" as const), id: anyPage }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("renew" as const), id: anyPage }) },
);
type Command = typeof anyCommand extends fc.Arbitrary<infer T> ? T : never;

/** A pool beside what every page ought to say, which pins there are, and what is to be written. */
export class ModelledPool {
  readonly bench: PoolBench;
  readonly values: number[] = Array.from({ length: PAGES }, (_, id) => id);
  readonly pins: number[] = Array.from({ length: PAGES }, () => 0);
  readonly recLsns = new Map<number, number>();
  readonly writes = new Map<number, { write: PageWrite; recLsn: number | null }>();
  readonly fetches: { id: number; step: FetchStep }[] = [];
  #position = 10;

  constructor(readsAtOnce: boolean) {
    const wrap = readsAtOnce ? readingAtOnce : (file: DiskFile) => file;
    this.bench = new PoolBench(PAGES, { framesMax: FRAMES }, wrap);
  }

  run({ kind, id }: Command): void {
    this[kind](id);
    this.check();
  }

  pin(id: number): void {
    // A task that finds another's read under way waits for it; here that task goes first.
    while (this.fetches.some((fetch) => fetch.id === id)) this.take(id);
    this.bench.pin(id);
    this.pins[id] = (this.pins[id] ?? 0) + 1;
    equal(this.bench.valueOf(id), this.values[id]);
  }

  unpin(id: number): void {
    if (this.pins[id] === 0) return;
    equal(this.bench.valueOf(id), this.values[id]);
    this.bench.unpin(id);
    this.pins[id] = (this.pins[id] ?? 0) - 1;
  }

  change(id: number): void {
    if (this.pins[id] === 0) return;
    const recLsn = this.#position;
    this.#position += 10;
    this.values[id] = this.#position;
    this.bench.change(id, this.#position, this.#position, recLsn);
    if (!this.recLsns.has(id)) this.recLsns.set(id, recLsn);
  }

  fetch(id: number): void {
    if (this.bench.pool.isResident(pageId(id))) return;
    this.fetches.push({ id, step: new FetchStep(this.bench.pool.fetch(pageId(id))) });
  }

  take(id: number): void {
    const at = this.fetches.findIndex((fetch) => fetch.id === id);
    if (at < 0) return;
    const [fetch] = this.fetches.splice(at, 1);
    equal(fetch?.step.take(TASK), true);
    equal(this.bench.valueOf(id), this.values[id]);
  }

  clean(id: number): void {
    if (this.writes.has(id)) return;
    this.bench.clean(id);
    this.recLsns.delete(id);
    if (this.bench.pool.isResident(pageId(id))) equal(this.bench.stored(id), this.values[id]);
  }

  begin(id: number): void {
    if (this.writes.has(id) || !this.recLsns.has(id)) return;
    const write = this.bench.pool.beginWrite(pageId(id));
    this.writes.set(id, { write, recLsn: this.recLsns.get(id) ?? null });
    this.recLsns.delete(id);
  }

  end(id: number): void {
    const under = this.writes.get(id);
    if (under === undefined) return;
    sealPage(asEditor(under.write.page));
    runToCompletion(this.bench.file.write(id * PAGE_SIZE, under.write.bytes)[Symbol.iterator]());
    this.writes.delete(id);
    this.bench.pool.endWrite(under.write, true);
  }

  lose(id: number): void {
    const under = this.writes.get(id);
    if (under === undefined) return;
    this.writes.delete(id);
    if (under.recLsn !== null) this.recLsns.set(id, under.recLsn);
    this.bench.pool.endWrite(under.write, false);
  }

  /** Frees the page and allocates it anew. */
  renew(id: number): void {
    if (this.pins[id] !== 0) return;
    this.bench.pool.discard(pageId(id));
    this.recLsns.delete(id);
    const under = this.writes.get(id);
    if (under !== undefined) under.recLsn = null;
    this.bench.pool.fresh(pageId(id));
    formatHeader(asEditor(this.bench.pool.frame(pageId(id))), pageId(id), 0);
    this.pins[id] = 1;
    this.change(id);
  }

  check(): void {
    const { pool } = this.bench;
    const unwritten = new Set([...this.recLsns.keys(), ...this.writes.keys()]);
    deepEqual(
      pool.dirtyPages(),
      [...unwritten].toSorted((a, b) => a - b),
    );
    const recLsns = [...this.recLsns.values()];
    for (const { recLsn } of this.writes.values()) if (recLsn !== null) recLsns.push(recLsn);
    equal(pool.oldestRecLsn(), recLsns.length === 0 ? null : Math.min(...recLsns));
    const isKept = (id: number): boolean => (this.pins[id] ?? 0) > 0 || unwritten.has(id);
    for (let id = 0; id < PAGES; id++) {
      if (isKept(id)) notEqual(pool.peek(pageId(id)), null);
    }
    equal(pool.stats().dirty, this.recLsns.size);
  }

  /** Lets everything end: the pool is then within its limit, and every page says what it ought. */
  settle(): void {
    for (let id = 0; id < PAGES; id++) {
      while (this.fetches.some((fetch) => fetch.id === id)) this.take(id);
      while ((this.pins[id] ?? 0) > 0) this.unpin(id);
      this.end(id);
      this.clean(id);
    }
    for (let id = 0; id < PAGES; id++) {
      this.pin(id);
      this.unpin(id);
      equal(this.bench.stored(id), this.values[id]);
    }
    equal(this.bench.pool.isOver, false);
    const { resident, dirty } = this.bench.pool.stats();
    deepEqual({ resident, dirty }, { resident: FRAMES, dirty: 0 });
  }
}

/** A file that reads at the moment it is asked to, as a disk may, however late that is noticed. */
function readingAtOnce(file: DiskFile): DiskFile {
  return {
    name: file.name,
    read: (at, into) => {
      const request = file.read(at, into);
      request.take(TASK);
      return request;
    },
    write: (at, bytes) => file.write(at, bytes),
    sync: () => file.sync(),
    confirm: () => file.confirm(),
    size: () => file.size(),
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
  };
}
