import type { Step, TaskId } from "../task/index.ts";
import type { Lsn, PageId } from "./ids.ts";
import type { PageSpot } from "./page-spot.ts";
import type { PageView } from "./page-view.ts";

/** Whatever can show pages by number. */
export interface PageSource {
  /** Bytes a page. */
  readonly pageSize: number;
  /** How many pages there are: every id below it can be asked for. */
  readonly capacity: number;
  /** The bytes of page `id`. Requires: id < capacity, and the page is in memory. */
  frame(id: PageId): PageView;
}

/**
 * The pages of a tree as its operations see them: in memory, all of them or the most used.
 *
 * A page that is pinned stays in memory, in the same frame. Whoever latches a page pins it first,
 * so a held page is always there. Getting a frame never waits for a latch, for a write or for
 * another task: whoever holds latches may bring pages in, and no cycle can run through the pool.
 */
export interface PageStore extends PageSource {
  isResident(id: PageId): boolean;
  /**
   * Says where the bytes of page `id` are, and counts as a use of it; false if it is not in memory.
   * For whoever is done with them before the segment ends, and so needs no pin. O(1).
   */
  glance(id: PageId, into: PageSpot): boolean;
  /** Pins the page if it is in memory; false if it has to be fetched first. O(1). */
  pin(id: PageId): boolean;
  /** Takes one pin away. Requires: it is pinned. */
  unpin(id: PageId): void;
  /** Begins to bring a page into memory, or joins whoever has. Requires: it is not in memory. */
  fetch(id: PageId): PageFetch;
  /**
   * Gives a page just allocated a frame, pinned: zero but for its version, which is not lower than
   * it ever was. Nothing is read. The page may be in memory from an earlier life, unpinned.
   */
  fresh(id: PageId): void;
  /**
   * Says that a committed change group has changed the page: it has to be written some day.
   * Called under the page's latch, before the group is appended to the log.
   *
   * @param recLsn The end of the log before the group: redo of the page need not start earlier.
   */
  markDirty(id: PageId, recLsn: Lsn): void;
  /** Says that the page is free: its bytes need not be kept or written. It is not pinned. */
  discard(id: PageId): void;
}

/** A page on its way into memory. Several tasks may wait for one; each asks it as its own step. */
export interface PageFetch {
  /** As {@link Step.dueAtMs}. */
  readonly dueAtMs: number;
  isEnabled(task: TaskId): boolean;
  /**
   * Takes the read. Afterwards the page is in memory, not yet pinned. Each call of
   * {@link PageStore.fetch} makes one waiter, who takes once, and the page stays for all of them.
   *
   * @returns false if it is not there yet after all; then `isEnabled` shows when to ask again.
   * @throws LatchworkError BAD_PAGE or DISK_ERROR. The next fetch of the page reads anew.
   */
  take(task: TaskId): boolean;
  /** `step` is to be woken once the fetch is enabled. */
  join(step: Step): void;
}
