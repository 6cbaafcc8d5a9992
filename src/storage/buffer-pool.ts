import {
  ACCESS_COMMUTE,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  ChurnMap,
  type DiskFile,
  type Host,
  type LatchworkError,
  type TaskId,
} from "../task/index.ts";
import { aheadFault, arrivalFault } from "./arrival-fault.ts";
import { type Checksum, crc32 } from "./checksum.ts";
import { DirtyPages } from "./dirty-pages.ts";
import type { Lsn, PageId } from "./ids.ts";
import { PageTable } from "./page-table.ts";
import { lsnOf, pageIdOf, setChecksum, setVersion, versionOf } from "./page-header.ts";
import type { PageFetch, PageStore } from "./page-store.ts";
import type { PageSpot } from "./page-spot.ts";
import { asEditor, type PageView } from "./page-view.ts";
import { PageWrites, type WriteWaiter } from "./page-writes.ts";
import { type FetchOwner, PoolFetch } from "./pool-fetch.ts";
import { PoolFrames } from "./pool-frames.ts";
import type { BufferPoolOptions } from "./pool-options.ts";
import { type PageWrite, type PoolSlot, type PoolStats, type SlotHome } from "./pool-slot.ts";

// How far the clock's hand moves at an unpin while the pool is over its limit.
const HAND_STEPS_A_PIN = 8;

/**
 * The pages most used, in frames; the rest are in the file.
 *
 * Here a page comes and goes: it is fetched, pinned, copied to be written, evicted. Its {@link
 * PoolFrames} say which page goes when a frame is needed, and {@link DirtyPages} which are to be
 * written. Only a page that no task depends on is evicted, and a changed one has to be written
 * first, by a {@link Cleaner}. If there is none to evict, the pool takes a frame over its
 * limit instead of waiting (see index.ts for why), and comes back below it as soon as pages are
 * unpinned and clean.
 *
 * The table, the clock and the slots are one Monitor, that of the frames. Pins, unpins and changes
 * of pages commute, and so do questions whether there are too many frames, which none of them
 * changes; what fetches, evicts or writes a page commutes with nothing.
 */
export class BufferPool implements PageStore, SlotHome {
  readonly pageSize: number;
  /** The shared object under which steps that wait for writes are known. */
  readonly writesObject: number;
  readonly #host: Host;
  readonly #file: DiskFile;
  readonly #checksum: Checksum;
  readonly #versionFloor: () => number;
  readonly #lsnCeiling: () => number;
  readonly #evicted: (id: PageId) => void;
  readonly #frames: PoolFrames;
  /** The pages in memory. A page being read is not among them yet. */
  readonly #table = new PageTable();
  readonly #dirty = new DirtyPages(this.#table);
  readonly #fetches = new ChurnMap<PoolFetch>();
  readonly #writes: PageWrites;
  readonly #fetchOwner: FetchOwner = {
    arrived: (fetch, count) => this.#arrived(fetch, count),
    failed: (fetch) => this.#failed(fetch),
  };
  #capacity: number;
  #highestVersion = 0;
  #pinned = 0;
  #misses = 0;
  #evictions = 0;
  #written = 0;

  constructor(options: BufferPoolOptions) {
    this.pageSize = options.pageSize;
    this.#host = options.host;
    this.#file = options.file;
    this.#writes = new PageWrites(options.pageSize, options.host);
    this.#checksum = options.checksum ?? crc32;
    this.#versionFloor = options.versionFloor ?? (() => this.#highestVersion);
    this.#lsnCeiling = options.lsnCeiling ?? (() => Number.POSITIVE_INFINITY);
    this.#evicted = options.evicted ?? (() => undefined);
    this.#capacity = options.pageCount;
    this.writesObject = options.host.newObject("the page file");
    const { frames, framesMax, host, pageSize } = options;
    this.#frames = frames ?? new PoolFrames(pageSize, framesMax, host);
    assert(this.#frames.pageSize === pageSize, "pools that share frames have pages of one size");
  }

  /** How many pages are kept in memory if possible, of this pool and those it shares with. */
  get framesMax(): number {
    return this.#frames.framesMax;
  }

  /** As PoolFrames.preallocate. */
  preallocate(): void {
    this.#frames.preallocate();
  }

  /** Sets another limit for this pool, and those it shares with; see {@link PoolFrames.limitTo}. */
  limitTo(framesMax: number): void {
    this.#frames.limitTo(framesMax);
  }

  /** How many pages are known: those there were, or one more than the highest made since. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Whether there are more frames in use than there should be. O(1). */
  get isOver(): boolean {
    return this.#frames.isOver;
  }

  /** The bytes of page `id`. Requires: it is resident. O(1). */
  frame(id: PageId): PageView {
    return this.#table.slotOf(id).frame;
  }

  /** The bytes of page `id` if it is resident, without counting as a use of it. O(1). */
  peek(id: PageId): PageView | null {
    return this.#table.find(id)?.frame ?? null;
  }

  isResident(id: PageId): boolean {
    return this.#table.find(id) !== null;
  }

  glance(id: PageId, into: PageSpot): boolean {
    this.#frames.touch(ACCESS_COMMUTE);
    const slot = this.#table.find(id);
    if (slot === null) return false;
    slot.isReferenced = true;
    this.#pinned++;
    into.id = id;
    into.view = slot.frame.view;
    into.at = 0;
    return true;
  }

  pin(id: PageId): boolean {
    this.#frames.touch(ACCESS_COMMUTE);
    const slot = this.#table.find(id);
    if (slot === null) return false;
    slot.pins++;
    slot.isReferenced = true;
    this.#pinned++;
    return true;
  }

  unpin(id: PageId): void {
    this.#frames.touch(ACCESS_COMMUTE);
    const slot = this.#table.slotOf(id);
    assert(slot.pins > 0, "a page is unpinned as often as it was pinned");
    slot.pins--;
    // A little at a time, for an unpin is cheap; two rounds of the hand evict what can be.
    if (slot.pins > 0 || !this.#frames.hasTooMany) return;
    this.#frames.touch(ACCESS_WRITE);
    this.#frames.evictOne(HAND_STEPS_A_PIN);
  }

  fetch(id: PageId): PageFetch {
    return this.#fetch(id, false);
  }

  /**
   * As {@link fetch}, for recovery: a page that cannot be used, because it was torn, never written
   * or lies beyond the end of the file, becomes a page of zeros that {@link needsImage}.
   */
  fetchForRedo(id: PageId): PageFetch {
    return this.#fetch(id, true);
  }

  /** Whether the page could not be used as read, and has not been restored since. */
  needsImage(id: PageId): boolean {
    return this.#table.slotOf(id).damage !== null;
  }

  /** What was wrong with a page that {@link needsImage}, as BAD_PAGE; null for others. */
  damageOf(id: PageId): LatchworkError | null {
    return this.#table.slotOf(id).damage;
  }

  /** Says that the page has been replaced as a whole. */
  imageRestored(id: PageId): void {
    this.#table.slotOf(id).damage = null;
  }

  fresh(id: PageId): void {
    this.#frames.touch(ACCESS_WRITE);
    const slot = this.#table.find(id) ?? this.#freshSlot(id);
    assert(slot.pins === 0, "a page just allocated is known to nobody");
    const version = versionOf(slot.frame);
    slot.frame.bytes.fill(0);
    setVersion(asEditor(slot.frame), version);
    slot.damage = null;
    slot.isReferenced = true;
    slot.pins = 1;
  }

  markDirty(id: PageId, recLsn: Lsn): void {
    this.#frames.touch(ACCESS_COMMUTE);
    this.#dirty.mark(this.#table.slotOf(id), recLsn);
  }

  discard(id: PageId): void {
    this.#frames.touch(ACCESS_WRITE);
    const slot = this.#table.find(id);
    if (slot === null) return;
    assert(slot.pins === 0, "a page that somebody uses is not freed");
    if (slot.write !== null) slot.write.isVoid = true;
    this.#dirty.clear(slot);
    if (slot.isEvictable) this.#drop(slot);
  }

  /** How many pages have changed since they were last copied to be written. O(1). */
  get dirtyCount(): number {
    this.#frames.touch(ACCESS_READ);
    return this.#dirty.count;
  }

  /** Whether the page has changed since it was last copied to be written. O(1). */
  isDirty(id: PageId): boolean {
    this.#frames.touch(ACCESS_READ);
    return this.#table.find(id)?.isDirty ?? false;
  }

  /** Whether a write of the page is under way. O(1). */
  isWriting(id: PageId): boolean {
    this.#host.touch(this.writesObject, ACCESS_READ);
    return (this.#table.find(id)?.write ?? null) !== null;
  }

  /** The pages whose state in memory is not in the file: dirty, or being written. O(n log n). */
  dirtyPages(): PageId[] {
    this.#frames.touch(ACCESS_READ);
    this.#host.touch(this.writesObject, ACCESS_READ);
    return this.#dirty.unwritten();
  }

  /**
   * Which page to clean next: dirty, not being written, and not pinned if there is such a one. Each
   * call goes on where the last one found its page, so that no page is left out. O(frames).
   */
  pickDirty(): PageId | null {
    this.#frames.touch(ACCESS_WRITE);
    return this.#dirty.pick();
  }

  /**
   * The least position from which redo of anything not yet written begins, or null if all is. What
   * is written may still have to be synced. O(frames).
   */
  oldestRecLsn(): Lsn | null {
    this.#frames.touch(ACCESS_READ);
    return this.#dirty.oldestRecLsn();
  }

  /**
   * Copies a dirty page to be written, and counts it as clean: whatever changes it from now on
   * makes it dirty anew. Called under the page's latch, at least shared. O(page size).
   *
   * Requires: it is dirty, and no write of it is under way.
   *
   * @param task Who writes it, for reports.
   */
  beginWrite(id: PageId, task: TaskId | null = null): PageWrite {
    this.#touchWrites();
    const slot = this.#table.slotOf(id);
    assert(slot.isDirty, "only a dirty page is written");
    assert(slot.write === null, "two writes of one page would end in any order");
    assert(pageIdOf(slot.frame) === id, "a page that is written bears its own number");
    const write = this.#writes.begin(task);
    write.page.bytes.set(slot.frame.bytes);
    write.id = id;
    write.lsn = lsnOf(slot.frame);
    write.recLsn = slot.recLsn;
    slot.write = write;
    this.markClean(id);
    return write;
  }

  /**
   * Ends a write. If it was not `ok`, the page is dirty as it was before, unless freed since.
   * Wakes whoever waits for writes.
   */
  endWrite(write: PageWrite, ok: boolean): void {
    this.#touchWrites();
    const slot = this.#table.slotOf(write.id);
    assert(slot.write === write, "a write that ends is the one of its page");
    slot.write = null;
    this.#writes.end(write);
    if (ok) this.#written++;
    else if (!write.isVoid) this.#dirty.markSince(slot, write.recLsn);
    this.#frames.shrink();
    this.wakeWaiters();
  }

  /** The number of the oldest write under way, or infinite. O(1). */
  get oldestWrite(): number {
    return this.#writes.oldest;
  }

  /** The number of the write begun last; 0 before the first. */
  get latestWrite(): number {
    return this.#writes.latest;
  }

  /** The task that writes page `id`, or null if none does or it is not known. */
  writerOf(id: PageId): TaskId | null {
    return this.#table.find(id)?.write?.task ?? null;
  }

  /** Appends whose writes are under way, of those begun up to the one with number `last`. */
  collectWriters(last: number, into: TaskId[]): void {
    this.#writes.collectWriters(last, into);
  }

  /** `step` waits for writes, and is to be woken when one ends that enables it. */
  joinWrites(step: WriteWaiter): void {
    this.#writes.join(step);
  }

  stats(): PoolStats {
    return {
      hits: this.#pinned,
      misses: this.#misses,
      evictions: this.#evictions,
      writes: this.#written,
      overdraftMax: this.#frames.overdraftMax,
      resident: this.#table.size + this.#fetches.size,
      dirty: this.#dirty.count,
      framesMax: this.framesMax,
      bytes: this.#frames.bytes,
    };
  }

  /** Hook of {@link beginWrite}: the page counts as written from this moment. */
  protected markClean(id: PageId): void {
    this.#dirty.clear(this.#table.slotOf(id));
  }

  /** Wakes those whose writes have ended, of those that wait. O(those that wait). */
  protected wakeWaiters(): void {
    this.#writes.wakeWaiters();
  }

  #touchWrites(): void {
    this.#frames.touch(ACCESS_WRITE);
    this.#host.touch(this.writesObject, ACCESS_WRITE);
  }

  #fetch(id: PageId, isForRedo: boolean): PageFetch {
    assert(this.#table.find(id) === null, "a page that is in memory is not fetched");
    this.#frames.touch(ACCESS_WRITE);
    const under = this.#fetches.get(id);
    if (under !== undefined) {
      under.waiters++;
      under.isForRedo ||= isForRedo;
      return under;
    }
    this.#misses++;
    const slot = this.#takeSlot(id);
    const request = this.#file.read(id * this.pageSize, slot.frame.bytes);
    const fetch = new PoolFetch(this.#fetchOwner, id, slot, request, isForRedo);
    this.#fetches.set(id, fetch);
    this.#frames.noteOverdraft();
    return fetch;
  }

  /** A read has ended: its page is resident from now on. */
  #arrived(fetch: PoolFetch, count: number): PoolSlot {
    const { slot } = fetch;
    this.#frames.touch(ACCESS_WRITE);
    if (fetch.overtakenBy !== null) {
      this.#failed(fetch);
      return fetch.overtakenBy;
    }
    const damage = arrivalFault(slot.frame, fetch.id, count, this.#file.name, this.#checksum);
    if (damage !== null) {
      if (!fetch.isForRedo) throw damage;
      slot.frame.bytes.fill(0);
    }
    const ahead = aheadFault(slot.frame, fetch.id, this.#lsnCeiling(), this.#file.name);
    if (ahead !== null) throw ahead;
    slot.damage = damage;
    // In memory nothing computes checksums, and the field is zero.
    setChecksum(asEditor(slot.frame), 0);
    slot.awaited = fetch.waiters;
    // Those who wait will pin it: that is not a hit.
    this.#pinned -= fetch.waiters;
    this.#fetches.delete(fetch.id);
    this.#enter(slot);
    return slot;
  }

  /** A read is of no use; the next fetch of the page reads anew. */
  #failed(fetch: PoolFetch): void {
    this.#fetches.delete(fetch.id);
    this.#frames.giveBack(fetch.slot);
  }

  #freshSlot(id: PageId): PoolSlot {
    const slot = this.#takeSlot(id);
    setVersion(asEditor(slot.frame), this.#versionFloor() % 2 ** 32);
    const fetch = this.#fetches.get(id);
    if (fetch !== undefined) {
      // A task that followed a stale pointer reads the page as it was; it gets the page as it is.
      fetch.overtakenBy = slot;
      slot.awaited = fetch.waiters;
      this.#pinned -= fetch.waiters;
    }
    this.#enter(slot);
    return slot;
  }

  /** Makes room if it can, and takes a frame in any case. */
  #takeSlot(id: PageId): PoolSlot {
    const slot = this.#frames.take();
    slot.reset(id);
    slot.home = this;
    return slot;
  }

  /** A page is in memory from now on. */
  #enter(slot: PoolSlot): void {
    this.#table.enter(slot);
    this.#frames.enter(slot);
    this.#capacity = Math.max(this.#capacity, slot.id + 1);
  }

  /** For the clock: takes out a page that it has chosen. */
  evict(slot: PoolSlot): void {
    this.#evictions++;
    this.#drop(slot);
  }

  /** Takes a page out of memory. Requires: it is evictable. */
  #drop(slot: PoolSlot): void {
    this.#highestVersion = Math.max(this.#highestVersion, versionOf(slot.frame));
    this.#table.drop(slot);
    this.#frames.drop(slot);
    this.#evicted(slot.id);
  }
}
