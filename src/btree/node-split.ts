import {
  hasFlag,
  HIGH_IS_INFINITE_FLAG,
  levelOf,
  type PageEditor,
  type PageId,
  pageIdOf,
  type PageView,
  rightOf,
  setRight,
} from "../storage/index.ts";
import { assert } from "../task/assert.ts";
import { shortestSeparator } from "./bytes.ts";
import { appendRange, copyToScratch, formatPage, resetBody } from "./format-page.ts";
import { SLOT_BYTES, type TreeParameters } from "./limits.ts";
import { entryBytes } from "./node-fit.ts";
import { copyHighFence, copyKey, copyLowFence } from "./node-read.ts";
import { search } from "./node-search.ts";
import {
  bodyBytesOf,
  cellBytesAt,
  countOf,
  highLengthOf,
  isLeaf,
  usedBytesOf,
} from "./page-layout.ts";

/** The entry that a page is split for. It is not in the page yet. */
export interface IncomingEntry {
  readonly key: Uint8Array;
  /** Bytes of its value; ignored by inner pages. */
  readonly valueLength: number;
}

/**
 * Splits the page: its upper entries go to `newRight`, and both get new fences and links to each
 * other. Gives the separator, which is the new page's low fence and belongs in the parent.
 *
 * The cut is where the two pages differ least, the incoming entry counted in, so the entry then
 * fits whichever page covers its key; largestEntryOfPage proves it. A leaf at the right edge that
 * is split by appending stays as it is, if it can, so that ascending inserts fill their pages; then
 * the new page is empty until the caller inserts the entry. Trees with a limit of entries are for
 * lessons and are always cut in the middle. A leaf's separator is the shortest string that
 * separates the two sides (Bayer and Unterauer 1977); an inner page's is a key of its own.
 *
 * The caller changes the parent and the left link of the far neighbour. O(n); allocates only keys.
 *
 * Requires: the incoming key is not in the page; without an incoming entry, two entries or more.
 */
export function splitPage(
  page: PageEditor,
  newRight: PageEditor,
  newRightId: PageId,
  params: TreeParameters,
  incoming: IncomingEntry | null,
): Uint8Array {
  const plan = new SplitPlan(page, incoming);
  assert(plan.entries >= 2, "each side of a split gets an entry");
  const cut = plan.chooseCut(params);
  const separator = plan.separatorAt(cut);
  const firstMoved = plan.entriesOnPage(cut);

  page.redo?.whole();
  const low = copyLowFence(page);
  const high = copyHighFence(page);
  const source = copyToScratch(page);
  const level = levelOf(page);
  const left = pageIdOf(page);
  formatPage(newRight, { id: newRightId, level, low: separator, high, left, right: rightOf(page) });
  appendRange(newRight, source, firstMoved, countOf(source));
  resetBody(page, low, separator);
  appendRange(page, source, 0, firstMoved);
  setRight(page, newRightId);
  return separator;
}

/** The separator that {@link splitPage} would give. Changes nothing. O(n). */
export function separatorFor(
  page: PageView,
  params: TreeParameters,
  incoming: IncomingEntry,
): Uint8Array {
  const plan = new SplitPlan(page, incoming);
  return plan.separatorAt(plan.chooseCut(params));
}

/** The entries of a page and the one that is to come, in order, as if it were already there. */
class SplitPlan {
  readonly entries: number;
  readonly #page: PageView;
  readonly #incoming: IncomingEntry | null;
  readonly #incomingAt: number;

  constructor(page: PageView, incoming: IncomingEntry | null) {
    this.#page = page;
    this.#incoming = incoming;
    this.entries = countOf(page) + (incoming === null ? 0 : 1);
    this.#incomingAt = this.entries;
    if (incoming !== null) {
      const found = search(page, incoming.key);
      assert(found < 0, "the incoming key is not in the page");
      this.#incomingAt = ~found;
    }
  }

  /** How many entries go left. */
  chooseCut(params: TreeParameters): number {
    if (params.mostEntries === 0 && this.#isAppend() && this.#keepsAll())
      return countOf(this.#page);
    const incoming = this.#incoming;
    let total = usedBytesOf(this.#page);
    if (incoming !== null) total += this.#bytesOf(this.#incomingAt);
    let best = 1;
    let leastGap = total;
    let left = 0;
    for (let cut = 1; cut < this.entries; cut++) {
      left += this.#bytesOf(cut - 1);
      const gap = Math.abs(total - 2 * left);
      // Beyond the middle the gap only grows.
      if (gap > leastGap) break;
      // Of two equal cuts the later one wins: the left page is the one that grows no more when
      // keys ascend.
      best = cut;
      leastGap = gap;
    }
    return best;
  }

  separatorAt(cut: number): Uint8Array {
    const first = this.#keyOf(cut);
    if (isLeaf(this.#page)) return shortestSeparator(this.#keyOf(cut - 1), first);
    // The caller's key is the caller's, who may change it.
    return first === this.#incoming?.key ? first.slice() : first;
  }

  /** How many of the `cut` entries that go left are in the page, not incoming. */
  entriesOnPage(cut: number): number {
    return this.#incomingAt < cut ? cut - 1 : cut;
  }

  #isAppend(): boolean {
    const page = this.#page;
    const count = countOf(page);
    const isEdge = isLeaf(page) && hasFlag(page, HIGH_IS_INFINITE_FLAG);
    return isEdge && this.#incoming !== null && count > 0 && this.#incomingAt === count;
  }

  /** Whether the page has room for a high fence beside all its entries. */
  #keepsAll(): boolean {
    const page = this.#page;
    const fence = this.separatorAt(countOf(page)).length - highLengthOf(page);
    return usedBytesOf(page) + fence <= bodyBytesOf(page);
  }

  #bytesOf(index: number): number {
    const incoming = this.#incoming;
    if (incoming !== null && index === this.#incomingAt) {
      return entryBytes(this.#page, incoming.key.length, incoming.valueLength);
    }
    return SLOT_BYTES + cellBytesAt(this.#page, this.entriesOnPage(index));
  }

  #keyOf(index: number): Uint8Array {
    const incoming = this.#incoming;
    if (incoming !== null && index === this.#incomingAt) return incoming.key;
    return copyKey(this.#page, this.entriesOnPage(index));
  }
}
