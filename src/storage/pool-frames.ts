import {
  type Access,
  ACCESS_COMMUTE,
  ACCESS_WRITE,
  assert,
  type Host,
  Monitor,
} from "../task/index.ts";
import { FrameSupply } from "./frame-supply.ts";
import { PageClock } from "./page-clock.ts";
import type { PoolSlot } from "./pool-slot.ts";

/**
 * The frames of one buffer pool, or of several that have one budget: what is in memory of all their
 * pages, up to a limit, and one clock that says which page goes when a frame is needed, whichever
 * pool it is of. So a pool that is busy takes the frames of those that are not, as far as pages may
 * go, and no share is set aside for any.
 *
 * All tables, the clock and the slots of pools that share are one {@link Monitor}, since the hand
 * looks at the slots of each.
 */
export class PoolFrames {
  readonly pageSize: number;
  #framesMax: number;
  readonly #monitor: Monitor;
  readonly #supply: FrameSupply;
  readonly #clock = new PageClock();
  #inUse = 0;
  #overdraftMax = 0;

  constructor(pageSize: number, framesMax: number, host: Host) {
    assert(framesMax >= 1, "a pool has at least one frame");
    this.pageSize = pageSize;
    this.#framesMax = framesMax;
    this.#supply = new FrameSupply(pageSize, framesMax);
    this.#monitor = new Monitor(host, "the buffer pool");
  }

  /** How many pages are kept in memory if possible. */
  get framesMax(): number {
    return this.#framesMax;
  }

  /**
   * Sets another limit, and comes below it as far as pages may go. Memory that was taken is kept.
   * O(frames that go).
   */
  limitTo(framesMax: number): void {
    assert(framesMax >= 1, "a pool has at least one frame");
    this.#framesMax = framesMax;
    this.#supply.limitTo(framesMax);
    this.shrink();
  }

  touch(access: Access): void {
    this.#monitor.touch(access);
  }

  /** Whether more frames are in use than should be. O(1). */
  get isOver(): boolean {
    this.#monitor.touch(ACCESS_COMMUTE);
    return this.#inUse > this.framesMax;
  }

  /** As {@link isOver}, for one who has touched the monitor. */
  get hasTooMany(): boolean {
    return this.#inUse > this.framesMax;
  }

  /** Frames in use, those of pages being read included. */
  get inUse(): number {
    return this.#inUse;
  }

  /** How many frames over the limit were in use at most. */
  get overdraftMax(): number {
    return this.#overdraftMax;
  }

  /** Bytes of all frames that were made and kept, in use or not. */
  get bytes(): number {
    return this.#supply.bytes;
  }

  /** Makes all frames within the limit now, and not when each is first needed. */
  preallocate(): void {
    this.#supply.makeAll();
  }

  /** Makes room if it can, and gives a frame in any case. */
  take(): PoolSlot {
    while (this.#inUse >= this.framesMax && this.evictOne(2 * this.#clock.size));
    const slot = this.#supply.take();
    this.#inUse++;
    return slot;
  }

  giveBack(slot: PoolSlot): void {
    this.#inUse--;
    this.#supply.giveBack(slot);
  }

  /** A page is in memory from now on, in the frame of this slot. */
  enter(slot: PoolSlot): void {
    this.#clock.enter(slot);
    this.noteOverdraft();
  }

  /** A page has left memory. */
  drop(slot: PoolSlot): void {
    this.#clock.drop(slot);
    this.giveBack(slot);
  }

  /** Evicts a page of any pool, if the clock finds one within so many steps. */
  evictOne(steps: number): boolean {
    const slot = this.#clock.nextToGo(steps);
    if (slot === null) return false;
    assert(slot.home !== null, "a page in memory is some pool's");
    slot.home.evict(slot);
    return true;
  }

  /** Comes back below the limit, as far as pages may go. */
  shrink(): void {
    this.#monitor.touch(ACCESS_WRITE);
    while (this.#inUse > this.framesMax && this.evictOne(2 * this.#clock.size));
  }

  noteOverdraft(): void {
    this.#overdraftMax = Math.max(this.#overdraftMax, this.#inUse - this.framesMax);
  }
}
