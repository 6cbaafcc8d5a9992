import {
  asEditor,
  lsn,
  type Lsn,
  PageFrame,
  type PageFetch,
  type PageId,
  PageMemory,
  type PageSpot,
  type PageStore,
  type PageView,
  setVersion,
  versionOf,
} from "../../src/storage/index.ts";
import { assert, LatchworkError, type Prng } from "../../src/task/index.ts";

interface Slot {
  readonly frame: PageFrame;
  pins: number;
  isDirty: boolean;
}

/**
 * A page store that forgets whatever is not pinned, at random or all at once: the worst pool there
 * could be. The bytes of a forgotten frame are overwritten, so that code which keeps a page too
 * long reads nonsense; a page comes back in another frame, sometimes only when asked twice; and
 * any fetch can be made to fail.
 */
export class ForgetfulStore implements PageStore {
  readonly pageSize: number;
  /** Fetches until one fails, counted down; negative for never. */
  fetchesLeft = -1;
  fetches = 0;
  readonly #disk: Map<PageId, Uint8Array> = new Map();
  readonly #slots: Map<PageId, Slot> = new Map();
  readonly #prng: Prng;
  #capacity: number;

  /** @param source Pages to begin with. */
  constructor(source: PageMemory, prng: Prng) {
    this.pageSize = source.pageSize;
    this.#prng = prng;
    this.#capacity = source.pagesTouched;
    for (let id = 0; id < this.#capacity; id++) {
      this.#disk.set(id as PageId, source.frame(id as PageId).bytes.slice());
    }
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** The pages that are pinned, which at rest are the space pages. */
  get pinned(): PageId[] {
    return [...this.#slots].filter(([, slot]) => slot.pins > 0).map(([id]) => id);
  }

  frame(id: PageId): PageView {
    return this.#slot(id).frame;
  }

  isResident(id: PageId): boolean {
    return this.#slots.has(id);
  }

  glance(id: PageId, into: PageSpot): boolean {
    const slot = this.#slots.get(id);
    if (slot === undefined) return false;
    into.id = id;
    into.view = slot.frame.view;
    into.at = 0;
    return true;
  }

  pin(id: PageId): boolean {
    const slot = this.#slots.get(id);
    if (slot !== undefined) slot.pins++;
    return slot !== undefined;
  }

  unpin(id: PageId): void {
    const slot = this.#slot(id);
    assert(slot.pins > 0, "a page is unpinned as often as it was pinned");
    slot.pins--;
    if (this.#prng.below(3) === 0) this.#forget(id, slot);
  }

  fetch(id: PageId): PageFetch {
    assert(!this.#slots.has(id), "a page that is in memory is not fetched");
    this.fetches++;
    let isLate = this.#prng.below(4) === 0;
    return {
      dueAtMs: Number.POSITIVE_INFINITY,
      isEnabled: () => true,
      take: () => {
        if (isLate) {
          isLate = false;
          return false;
        }
        if (this.fetchesLeft >= 0 && this.fetchesLeft-- === 0) {
          throw new LatchworkError("BAD_PAGE", `page ${id} cannot be read`);
        }
        if (!this.#slots.has(id)) this.#bringIn(id);
        return true;
      },
      join: () => undefined,
    };
  }

  fresh(id: PageId): void {
    const slot = this.#slots.get(id) ?? this.#bringIn(id);
    assert(slot.pins === 0, "a page just allocated is known to nobody");
    const version = versionOf(slot.frame);
    slot.frame.bytes.fill(0);
    setVersion(asEditor(slot.frame), version);
    slot.pins = 1;
    this.#capacity = Math.max(this.#capacity, id + 1);
  }

  markDirty(id: PageId, _recLsn: Lsn = lsn(0)): void {
    this.#slot(id).isDirty = true;
  }

  discard(id: PageId): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    assert(slot.pins === 0, "a page that somebody uses is not freed");
    slot.isDirty = false;
    this.#forget(id, slot);
  }

  /** Forgets everything that is not pinned. */
  forgetAll(): void {
    for (const [id, slot] of this.#slots) this.#forget(id, slot);
  }

  /** All pages as they are, in memory or not. */
  copy(): PageMemory {
    // As little memory as it takes: tests copy all pages thousands of times.
    const chunkBytes = this.#capacity * this.pageSize;
    const memory = new PageMemory({ pageSize: this.pageSize, chunkBytes });
    for (let id = 0; id < this.#capacity; id++) {
      const bytes = this.#slots.get(id as PageId)?.frame.bytes ?? this.#disk.get(id as PageId);
      if (bytes !== undefined) memory.frame(id as PageId).bytes.set(bytes);
    }
    return memory;
  }

  #slot(id: PageId): Slot {
    const slot = this.#slots.get(id);
    assert(slot !== undefined, `page ${id} is in memory`);
    return slot;
  }

  #bringIn(id: PageId): Slot {
    const frame = new PageFrame(new ArrayBuffer(this.pageSize), 0, this.pageSize);
    const bytes = this.#disk.get(id);
    if (bytes !== undefined) frame.bytes.set(bytes);
    const slot = { frame, pins: 0, isDirty: false };
    this.#slots.set(id, slot);
    return slot;
  }

  #forget(id: PageId, slot: Slot): void {
    if (slot.pins > 0) return;
    assert(slot.frame.redo === null, "nobody edits a page that is not pinned");
    if (slot.isDirty) this.#disk.set(id, slot.frame.bytes.slice());
    slot.frame.bytes.fill(0xdd);
    this.#slots.delete(id);
  }
}
