import {
  type BufferPool,
  PageFrame,
  type PageId,
  type PageSource,
  type PageView,
} from "../../storage/index.ts";

/** The pages of a database at rest, for checks: what is in memory, and the rest from the file. */
export class OverlaidPages implements PageSource {
  readonly pageSize: number;
  readonly capacity: number;
  readonly #pool: BufferPool;
  readonly #file: Uint8Array;

  constructor(pool: BufferPool, file: Uint8Array | null, pageSize: number) {
    this.#pool = pool;
    this.#file = file ?? new Uint8Array(0);
    this.pageSize = pageSize;
    this.capacity = Math.max(pool.capacity, Math.floor(this.#file.length / pageSize));
  }

  /** All of them are to be had. */
  isResident(): boolean {
    return true;
  }

  frame(id: PageId): PageView {
    const resident = this.#pool.peek(id);
    if (resident !== null) return resident;
    const at = id * this.pageSize;
    if (at + this.pageSize > this.#file.length) {
      return new PageFrame(new ArrayBuffer(this.pageSize), 0, this.pageSize);
    }
    return new PageFrame(this.#file.buffer, this.#file.byteOffset + at, this.pageSize);
  }
}
