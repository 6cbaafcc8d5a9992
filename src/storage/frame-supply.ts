import { PageFrame } from "./page-view.ts";
import { PoolSlot } from "./pool-slot.ts";

const CHUNK_BYTES = 1 << 20;
/** Frames of the first chunk; each chunk doubles what there is, up to its most. */
const FRAMES_FIRST = 8;

/**
 * What is kept beside the bytes of each page in memory, in bytes: the views of its frame, its slot,
 * its latch, and places in tables. Measured on Node 20, on a heap just collected; a test measures
 * it again.
 */
export const BYTES_BESIDE_A_PAGE = 800;

/** How many pages a pool may keep in so much memory, what is kept beside them included. */
export function framesIn(bytes: number, pageSize: number): number {
  return Math.floor(bytes / (pageSize + BYTES_BESIDE_A_PAGE));
}

/**
 * The memory of a buffer pool: frames up to a limit in chunks, made as they are first needed and
 * kept, each with its slot; and beyond the limit each frame in a buffer of its own, which goes when
 * its page goes.
 */
export class FrameSupply {
  readonly #pageSize: number;
  #framesMax: number;
  readonly #free: PoolSlot[] = [];
  readonly #overdrawn: Set<PoolSlot> = new Set();
  /** How many frames within the limit have been made. */
  #made = 0;

  constructor(pageSize: number, framesMax: number) {
    this.#pageSize = pageSize;
    this.#framesMax = framesMax;
  }

  /** Sets another limit. Frames that were made within a higher one are kept and used. */
  limitTo(framesMax: number): void {
    this.#framesMax = framesMax;
  }

  /** Bytes of all frames there are, in use or not. */
  get bytes(): number {
    return (this.#made + this.#overdrawn.size) * this.#pageSize;
  }

  /** Gives a slot without a page, always; its frame's bytes are anything. O(1), but for a chunk. */
  take(): PoolSlot {
    if (this.#free.length === 0 && this.#made < this.#framesMax) this.#makeChunk();
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    const buffer = new ArrayBuffer(this.#pageSize);
    const extra = new PoolSlot(new PageFrame(buffer, 0, this.#pageSize));
    this.#overdrawn.add(extra);
    return extra;
  }

  /** Takes back a frame that is not read any more. O(1). */
  giveBack(slot: PoolSlot): void {
    if (!this.#overdrawn.delete(slot)) this.#free.push(slot);
  }

  /**
   * Makes all frames within the limit, and writes to each: the system gives memory when it is first
   * written. O(limit).
   */
  makeAll(): void {
    while (this.#made < this.#framesMax) this.#makeChunk();
    for (const { frame } of this.#free) frame.bytes.fill(0);
  }

  #makeChunk(): void {
    const most = Math.max(1, Math.floor(CHUNK_BYTES / this.#pageSize));
    const wanted = Math.max(FRAMES_FIRST, this.#made);
    const count = Math.min(most, wanted, this.#framesMax - this.#made);
    const buffer = new ArrayBuffer(count * this.#pageSize);
    for (let index = count - 1; index >= 0; index--) {
      const frame = new PageFrame(buffer, index * this.#pageSize, this.#pageSize);
      this.#free.push(new PoolSlot(frame));
    }
    this.#made += count;
  }
}
