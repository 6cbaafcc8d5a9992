import { assert, type DiskRequest, LatchworkError, type Step, type TaskId } from "../task/index.ts";
import type { PageId } from "./ids.ts";
import type { PageFetch } from "./page-store.ts";
import type { PoolSlot } from "./pool-slot.ts";

/** What a fetch reports to its pool when its read is over. */
export interface FetchOwner {
  /** The read filled `count` bytes of the fetch's frame. Gives the slot in which the page is. */
  arrived(fetch: PoolFetch, count: number): PoolSlot;
  /** The read failed; the frame is not needed. */
  failed(fetch: PoolFetch): void;
}

/**
 * One read of one page, and all tasks that wait for it.
 *
 * Each waiter takes the fetch once. The first that does so after the read completes it for all; the
 * page is promised to the rest and stays until the last of them has taken it.
 */
export class PoolFetch implements PageFetch {
  readonly id: PageId;
  /** The frame that is being read into. */
  readonly slot: PoolSlot;
  /** How many have asked and not taken. */
  waiters = 1;
  /** Whether a page that cannot be read is to become one that waits for its image. */
  isForRedo: boolean;
  /** The page came into being meanwhile, in another frame: the read no longer matters. */
  overtakenBy: PoolSlot | null = null;
  readonly #owner: FetchOwner;
  readonly #request: DiskRequest<number>;
  #arrival: PoolSlot | null = null;
  #fault: LatchworkError | null = null;

  constructor(
    owner: FetchOwner,
    id: PageId,
    slot: PoolSlot,
    request: DiskRequest<number>,
    isForRedo: boolean,
  ) {
    this.id = id;
    this.slot = slot;
    this.isForRedo = isForRedo;
    this.#owner = owner;
    this.#request = request;
  }

  get dueAtMs(): number {
    return this.#request.dueAtMs;
  }

  isEnabled(task: TaskId): boolean {
    return this.#arrival !== null || this.#fault !== null || this.#request.isEnabled(task);
  }

  take(task: TaskId): boolean {
    if (this.#arrival === null && this.#fault === null && !this.#complete(task)) return false;
    assert(this.waiters > 0, "a fetch is taken once by each who asked for it");
    this.waiters--;
    if (this.#fault !== null) throw this.#fault;
    if (this.#arrival !== null) this.#arrival.awaited--;
    return true;
  }

  join(step: Step): void {
    this.#request.join(step);
  }

  /** Ends the read, well or not; false if it goes on after all. */
  #complete(task: TaskId): boolean {
    try {
      if (!this.#request.take(task)) return false;
      this.#arrival = this.#owner.arrived(this, this.#request.value);
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.#owner.failed(this);
      if (this.overtakenBy === null) this.#fault = error;
      this.#arrival = this.overtakenBy;
    }
    return true;
  }
}
