import type { LatchworkError, TaskId } from "../task/index.ts";
import { lsn, type Lsn, META_PAGE, type PageId } from "./ids.ts";
import type { PageFrame } from "./page-view.ts";

/** The pool of a page in memory. */
export interface SlotHome {
  /** Takes the page out of memory. Requires: it is evictable. */
  evict(slot: PoolSlot): void;
}

/**
 * One frame of a buffer pool and what the pool knows of the page in it.
 *
 * Invariants: (1) a slot is evictable only if no task depends on it: no pin, no change to be
 * written, no write under way, no task that was promised the page; (2) `recLsn` means something
 * only while
 * the slot is dirty.
 */
export class PoolSlot {
  readonly frame: PageFrame;
  id: PageId = META_PAGE;
  /** How many pins hold the page here. */
  pins = 0;
  /** How many tasks asked for the page to be fetched and have not yet taken their fetch. */
  awaited = 0;
  /** Used since the clock's hand last came by. */
  isReferenced = false;
  isDirty = false;
  /** Redo of the page's changes since it was last written begins here. */
  recLsn: Lsn = lsn(0);
  /** The write of an earlier state of the page that is under way, if any. */
  write: PageWrite | null = null;
  /** What was wrong with the page as read, until an image from the log replaces it. */
  damage: LatchworkError | null = null;
  /** The pool whose page it holds. */
  home: SlotHome | null = null;
  /** The place in the table of its pool. */
  index = -1;
  /** The place in the clock. */
  place = -1;

  constructor(frame: PageFrame) {
    this.frame = frame;
  }

  get isEvictable(): boolean {
    return this.pins === 0 && !this.isDirty && this.write === null && this.awaited === 0;
  }

  /** Forgets the page, for another one. */
  reset(id: PageId): void {
    this.id = id;
    this.pins = 0;
    this.awaited = 0;
    this.isReferenced = false;
    this.isDirty = false;
    this.write = null;
    this.damage = null;
  }
}

/** A page on its way to the file: a copy, taken under the page's latch. Reused by later writes. */
export class PageWrite {
  readonly page: PageFrame;
  id: PageId = META_PAGE;
  /** The position of the last change in the copy: the log comes first, up to here. */
  lsn: Lsn = lsn(0);
  /** Where redo of the page would begin, should the write fail. */
  recLsn: Lsn = lsn(0);
  /** The page was freed meanwhile: should the write fail, nothing is lost. */
  isVoid = false;
  /** Who writes it, where that is known. */
  task: TaskId | null = null;
  /** Which write of the pool it is, from 1. */
  number = 0;

  constructor(page: PageFrame) {
    this.page = page;
  }

  /** What is to be written. */
  get bytes(): Uint8Array {
    return this.page.bytes;
  }
}

/** What a buffer pool has done since it was made, and how it is now. Counts of pages. */
export interface PoolStats {
  /** Pins that found their page in memory without a fetch. */
  readonly hits: number;
  /** Pages read from the file. */
  readonly misses: number;
  readonly evictions: number;
  /** Pages written to the file. */
  readonly writes: number;
  /** How many frames over its limit the pool has been at most. */
  readonly overdraftMax: number;
  /** Frames in use, those of pages being read included. */
  readonly resident: number;
  readonly dirty: number;
  /** Pages that are kept in memory if possible. */
  readonly framesMax: number;
  /** Bytes of all frames that were made and kept, in use or not. */
  readonly bytes: number;
}
