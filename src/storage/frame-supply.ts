import { PageFrame } from "./page-view.ts";

const CHUNK_BYTES = 1 << 20;
/** Frames of the first chunk; each chunk doubles what there is, up to its most. */
const FRAMES_FIRST = 8;

/**
 * The memory of a buffer pool: frames up to a limit in chunks, made as they are first needed and
 * kept; and beyond the limit each frame in a buffer of its own, which goes when its page goes.
 */
export class FrameSupply {
  readonly #pageSize: number;
  readonly #framesMax: number;
  readonly #free: PageFrame[] = [];
  readonly #overdrawn: Set<PageFrame> = new Set();
  /** How many frames within the limit have been made. */
  #made = 0;

  constructor(pageSize: number, framesMax: number) {
    this.#pageSize = pageSize;
    this.#framesMax = framesMax;
  }

  /** Gives a frame, always; its bytes are anything. O(1), but for a new chunk. */
  take(): PageFrame {
    if (this.#free.length === 0 && this.#made < this.#framesMax) this.#makeChunk();
    const frame = this.#free.pop();
    if (frame !== undefined) return frame;
    const extra = new PageFrame(new ArrayBuffer(this.#pageSize), 0, this.#pageSize);
    this.#overdrawn.add(extra);
    return extra;
  }

  /** Takes back a frame that nobody looks at any more. O(1). */
  giveBack(frame: PageFrame): void {
    if (!this.#overdrawn.delete(frame)) this.#free.push(frame);
  }

  #makeChunk(): void {
    const most = Math.max(1, Math.floor(CHUNK_BYTES / this.#pageSize));
    const wanted = Math.max(FRAMES_FIRST, this.#made);
    const count = Math.min(most, wanted, this.#framesMax - this.#made);
    const buffer = new ArrayBuffer(count * this.#pageSize);
    for (let index = count - 1; index >= 0; index--) {
      this.#free.push(new PageFrame(buffer, index * this.#pageSize, this.#pageSize));
    }
    this.#made += count;
  }
}
