import { type MemorySnapshot, pageId, type PageMemory, versionOf } from "../../storage/index.ts";
import { type Entries, entriesOf } from "./read-contents.ts";

/** A tree that was found right at the end of a run. */
interface KnownEnd {
  readonly bytes: MemorySnapshot;
  readonly entries: Entries;
}

/** So much memory may known ends take; past it they are forgotten, and collected anew. */
const BYTES_MAX = 1 << 22;

/**
 * The trees that runs have left and that were found right.
 *
 * Thousands of schedules leave a handful of different trees. Whether a tree is right, and what it
 * holds, follows from its bytes alone; so one whose bytes are those of a tree that was found right
 * is not walked again. All bytes are compared, for a hash of them could be wrong. To compare costs
 * an eighth of what it spares; and where every run leaves a tree of its own, to keep them costs
 * little beside the walk.
 */
export class KnownEnds {
  readonly #memory: PageMemory;
  /** By {@link #key}; of two with the same key the later one counts. */
  readonly #ends: Map<number, KnownEnd> = new Map();
  #bytes = 0;

  constructor(memory: PageMemory) {
    this.#memory = memory;
  }

  /** What the tree holds if it is known to be right; null if it has to be checked. O(bytes). */
  find(): Entries | null {
    const known = this.#ends.get(this.#key());
    return known !== undefined && this.#memory.holds(known.bytes) ? known.entries : null;
  }

  /** Keeps the tree as one that is right; returns what it holds. O(bytes). */
  add(): Entries {
    const bytes = this.#memory.snapshot();
    const entries = entriesOf(this.#memory);
    this.#bytes += bytes.pages * this.#memory.pageSize;
    if (this.#bytes > BYTES_MAX) {
      this.#ends.clear();
      this.#bytes = bytes.pages * this.#memory.pageSize;
    }
    this.#ends.set(this.#key(), { bytes, entries });
    return entries;
  }

  /** How often each page was changed: seldom the same for two trees that differ. O(pages). */
  #key(): number {
    const memory = this.#memory;
    let key = 0;
    for (let id = 0; id < memory.pagesTouched; id++) {
      key = (Math.imul(key, 31) + versionOf(memory.frame(pageId(id)))) | 0;
    }
    return key;
  }
}
