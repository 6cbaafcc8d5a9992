import { assert, broken, InvariantViolation } from "../task/assert.ts";
import { pageId, type PageId } from "./ids.ts";
import type { PageFetch, PageStore } from "./page-store.ts";
import type { PageSpot } from "./page-spot.ts";
import { PageFrame, type PageView } from "./page-view.ts";

export interface PageMemoryOptions {
  /** Bytes a page, a power of two from 512 to 32768. */
  readonly pageSize: number;
  /** Lay the pages over SharedArrayBuffers, so that other threads can see them. */
  readonly shared?: boolean;
  /** Bytes a chunk, a multiple of the page size. */
  readonly chunkBytes?: number;
  /** Chunks of another PageMemory, to look at its pages from another thread. */
  readonly buffers?: readonly ArrayBufferLike[];
}

/** A copy of all pages in use at one moment. Opaque to everyone but the PageMemory that made it. */
export interface MemorySnapshot {
  readonly pages: number;
  readonly chunks: readonly Uint8Array[];
  /** The same bytes, four at a time. */
  readonly words: readonly Int32Array[];
}

const DEFAULT_CHUNK_BYTES = 1 << 20;

/**
 * Page frames in memory, all of them, with no eviction.
 *
 * Pages lie in chunks that are never moved, so a frame stays valid for ever, and growing costs one
 * chunk instead of a copy of everything.
 */
export class PageMemory implements PageStore {
  readonly pageSize: number;
  readonly shared: boolean;
  readonly #pagesPerChunk: number;
  readonly #chunks: Uint8Array[] = [];
  /** Each shows a whole chunk. */
  readonly #views: DataView[] = [];
  /** The chunks, four bytes at a time. */
  readonly #words: Int32Array[] = [];
  readonly #frames: (PageFrame | undefined)[] = [];
  #pagesTouched = 0;

  constructor(options: PageMemoryOptions) {
    const chunkBytes = options.chunkBytes ?? options.buffers?.[0]?.byteLength;
    this.pageSize = options.pageSize;
    this.shared = options.shared ?? false;
    this.#pagesPerChunk = Math.floor((chunkBytes ?? DEFAULT_CHUNK_BYTES) / options.pageSize);
    assert(this.#pagesPerChunk > 0, "a chunk holds at least one page");
    for (const buffer of options.buffers ?? []) this.#addChunk(buffer);
    // Which of another memory's pages are in use is unknown here.
    this.#pagesTouched = this.capacity;
    this.ensure(1);
  }

  get capacity(): number {
    return this.#chunks.length * this.#pagesPerChunk;
  }

  /** The chunks, in order, to be handed to another thread. */
  get buffers(): readonly ArrayBufferLike[] {
    return this.#chunks.map((chunk) => chunk.buffer);
  }

  /** One more than the highest page that was ever read. */
  get pagesTouched(): number {
    return this.#pagesTouched;
  }

  /** The bytes of page `id`, always as the same object. Requires: id < capacity. O(1). */
  frame(id: PageId): PageView {
    return this.#frames[id] ?? this.#makeFrame(id);
  }

  glance(id: PageId, into: PageSpot): boolean {
    const chunk = Math.floor(id / this.#pagesPerChunk);
    const view = this.#views[chunk];
    if (view === undefined) return false;
    into.id = id;
    into.view = view;
    into.at = (id - chunk * this.#pagesPerChunk) * this.pageSize;
    return true;
  }

  isResident(): boolean {
    return true;
  }

  pin(): boolean {
    return true;
  }

  unpin(): void {}

  fetch(id: PageId): PageFetch {
    throw new InvariantViolation(`page ${id} is in memory already`, "assertion");
  }

  /** As {@link PageStore.fresh}; the bytes stay, since whoever formats the page clears them. */
  fresh(id: PageId): void {
    this.ensure(id + 1);
  }

  markDirty(): void {}

  discard(): void {}

  /** Makes room for pages 0 to `pages` - 1. New pages are zero. */
  ensure(pages: number): void {
    const chunkBytes = this.#pagesPerChunk * this.pageSize;
    while (this.capacity < pages) {
      this.#addChunk(this.shared ? new SharedArrayBuffer(chunkBytes) : new ArrayBuffer(chunkBytes));
    }
  }

  /** Copies every page that has been touched. */
  snapshot(): MemorySnapshot {
    const chunkBytes = this.#pagesPerChunk * this.pageSize;
    const total = this.#pagesTouched * this.pageSize;
    const chunks: Uint8Array[] = [];
    for (const [index, chunk] of this.#chunks.entries()) {
      const bytes = Math.min(chunkBytes, total - index * chunkBytes);
      if (bytes > 0) chunks.push(chunk.slice(0, bytes));
    }
    const words = chunks.map(({ buffer }) => new Int32Array(buffer));
    return { pages: this.#pagesTouched, chunks, words };
  }

  /** Whether every page that has been touched has the bytes of a snapshot. O(bytes). */
  holds({ pages, words }: MemorySnapshot): boolean {
    if (pages !== this.#pagesTouched) return false;
    for (let index = 0; index < words.length; index++) {
      const copy = words[index];
      const present = this.#words[index];
      if (copy === undefined || present === undefined || !beginsWith(present, copy)) return false;
    }
    return true;
  }

  /**
   * Puts back the bytes of a snapshot, in place: frames stay valid. Pages first touched since then
   * become zero again, so that nothing of an abandoned run can be seen in the next.
   */
  restore(snapshot: MemorySnapshot): void {
    for (let index = 0; index < snapshot.chunks.length; index++) {
      const copy = snapshot.chunks[index];
      if (copy !== undefined) this.#chunks[index]?.set(copy);
    }
    if (this.#pagesTouched > snapshot.pages) this.#clear(snapshot.pages);
  }

  #clear(firstPage: number): void {
    const chunkBytes = this.#pagesPerChunk * this.pageSize;
    const from = firstPage * this.pageSize;
    const to = this.#pagesTouched * this.pageSize;
    for (let index = Math.floor(from / chunkBytes); index * chunkBytes < to; index++) {
      const start = index * chunkBytes;
      this.#chunks[index]?.fill(0, Math.max(0, from - start), Math.min(chunkBytes, to - start));
    }
  }

  #addChunk(buffer: ArrayBufferLike): void {
    this.#chunks.push(new Uint8Array(buffer));
    this.#views.push(new DataView(buffer));
    this.#words.push(new Int32Array(buffer));
  }

  #makeFrame(id: PageId): PageFrame {
    const chunk = this.#chunks[Math.floor(id / this.#pagesPerChunk)];
    if (chunk === undefined || id < 0) {
      broken("the page exists", `page ${id} asked for, of ${this.capacity}`);
    }
    // Frames are made in order, so that the array of frames never becomes a sparse one.
    for (let next = this.#frames.length; next <= id; next++) this.#frames.push(undefined);
    const offset = (id % this.#pagesPerChunk) * this.pageSize;
    const frame = new PageFrame(chunk.buffer, offset, this.pageSize);
    this.#frames[pageId(id)] = frame;
    if (id >= this.#pagesTouched) this.#pagesTouched = id + 1;
    return frame;
  }
}

/** Requires: `part` is no longer than `whole`, and a multiple of four words long, as pages are. */
function beginsWith(whole: Int32Array, part: Int32Array): boolean {
  for (let at = 0; at < part.length; at += 4) {
    const a = (whole[at] ?? 0) ^ (part[at] ?? 0);
    const b = (whole[at + 1] ?? 0) ^ (part[at + 1] ?? 0);
    const c = (whole[at + 2] ?? 0) ^ (part[at + 2] ?? 0);
    const d = (whole[at + 3] ?? 0) ^ (part[at + 3] ?? 0);
    if ((a | b | c | d) !== 0) return false;
  }
  return true;
}
